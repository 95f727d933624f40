// Which resource is read, and how, under partial rights.
#include <functional>

#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

enum class Verb { list, watch, get };

/// An API server that answers with what it allows, and remembers what it was asked.
class Rights : public EngineTest {
 protected:
  using Allowed = std::function<bool(const Selection&, Verb)>;

  Rights() {
    options_.groups = {{{"db", "mysql", "", {}}}};
    options_.confirm = false;
  }
  void run(Allowed allowed) {
    allowed_ = std::move(allowed);
    engine_.emplace(options_);
    give(Started{});
    serve();
  }
  /// Answers requests until there are none.
  void serve() {
    for (std::size_t i = 0; i < actions_.size(); ++i) {
      const Action action = actions_[i];
      if (const auto* watch = std::get_if<OpenWatch>(&action)) answer(*watch);
      if (const auto* list = std::get_if<SendList>(&action)) answer(*list);
    }
  }
  void answer(const OpenWatch& watch) {
    ++requests_;
    if (!allowed_(watch.selection, Verb::watch)) return refuse(watch.reflector);
    give(WatchOpened{watch.reflector});
    if (watch.resource_version.empty()) give(Bookmarked{watch.reflector, "9", true});
  }
  void answer(const SendList& list) {
    ++requests_;
    if (!allowed_(list.selection, list.one ? Verb::get : Verb::list)) return refuse(list.reflector);
    give(Listed{list.reflector, list.one ? "" : "9", {}});
  }
  void refuse(ReflectorId id) {
    give(RequestFailed{id,
                       {refusal_, refusal_ == Cause::forbidden ? 403 : 404, "no", std::nullopt}});
  }
  std::vector<SourceStatus> sources() { return engine_->snapshot(now_).sources; }

  EngineOptions options_;
  Allowed allowed_;
  Cause refusal_ = Cause::forbidden;
  int requests_ = 0;
};

bool slices(const Selection& selection) { return selection.resource == Resource::endpoint_slices; }

TEST_F(Rights, AllAreUsedForOneWatchOfSlices) {
  run([](const Selection&, Verb) { return true; });
  ASSERT_EQ(sources().size(), 1U);
  EXPECT_TRUE(slices(sources()[0].selection));
  EXPECT_TRUE(sources()[0].watching);
  EXPECT_TRUE(taken<ReportFallback>().empty());
}

TEST_F(Rights, ForEndpointsAloneAreUsedAndThatIsSaidOnce) {
  run([](const Selection& selection, Verb) { return !slices(selection); });
  ASSERT_EQ(sources().size(), 1U);
  EXPECT_FALSE(slices(sources()[0].selection));
  EXPECT_TRUE(sources()[0].watching);
  EXPECT_EQ(taken<ReportFallback>().size(), 1U);
  EXPECT_TRUE(taken<ReportTrouble>().empty());
}

TEST_F(Rights, ForEndpointsAreUsedWhereTheServerHasNoSlices) {
  refusal_ = Cause::not_found;
  run([](const Selection& selection, Verb) { return !slices(selection); });
  EXPECT_TRUE(sources()[0].watching);
  EXPECT_EQ(taken<ReportFallback>().size(), 1U);
}

TEST_F(Rights, ForEndpointsAreNotUsedWhereSlicesAreWanted) {
  options_.source = Source::slices;
  run([](const Selection& selection, Verb) { return !slices(selection); });
  EXPECT_TRUE(slices(sources()[0].selection));
  EXPECT_EQ(taken<ReportTrouble>().size(), 1U);
}

// One list and watch for each namespace, by name where only that is allowed.
TEST_F(Rights, ForAllEndpointsServeAnyNumberOfServicesInOneWatch) {
  options_.groups.push_back({{"db", "redis", "", {}}});
  run([](const Selection& selection, Verb) { return !slices(selection); });
  EXPECT_EQ(sources().size(), 1U);
}

TEST_F(Rights, ByNameGiveOneWatchForEachService) {
  options_.groups.push_back({{"db", "redis", "", {}}});
  run([](const Selection& selection, Verb) { return !slices(selection) && selection.by_name; });
  ASSERT_EQ(sources().size(), 2U);
  EXPECT_TRUE(sources()[0].watching);
  EXPECT_TRUE(sources()[1].watching);
}

TEST_F(Rights, ToGetAloneAreUsedToPoll) {
  run([](const Selection& selection, Verb verb) {
    return !slices(selection) && selection.by_name && verb == Verb::get;
  });
  ASSERT_EQ(sources().size(), 1U);
  EXPECT_TRUE(sources()[0].polling);
  requests_ = 0;
  actions_.clear();
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().at(0).one, true);
}

TEST_F(Rights, ToListAloneAreUsedToPoll) {
  run([](const Selection& selection, Verb verb) {
    return slices(selection) && verb == Verb::list;
  });
  ASSERT_EQ(sources().size(), 1U);
  EXPECT_TRUE(slices(sources()[0].selection)) << "no reason to read something else";
  actions_.clear();
  wait_for_deadline();
  serve();
  EXPECT_TRUE(sources()[0].polling);
}

TEST_F(Rights, ToWatchThatAreGrantedLateEndThePolling) {
  bool late = false;
  run([&late](const Selection& selection, Verb verb) {
    return slices(selection) && (verb == Verb::list || late);
  });
  late = true;
  const Instant begin = now_;
  while (!sources()[0].watching && now_ - begin < std::chrono::minutes(5)) {
    actions_.clear();
    wait_for_deadline();
    serve();
  }
  EXPECT_TRUE(sources()[0].watching);
}

TEST_F(Rights, ThatAreAllMissingAreToldOnceAndAskedForSlowly) {
  run([](const Selection&, Verb) { return false; });
  const auto troubles = taken<ReportTrouble>();
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_TRUE(slices(troubles[0].selection)) << "what is missing is what should be granted";
  requests_ = 0;
  const Instant begin = now_;
  while (now_ - begin < std::chrono::minutes(10)) {
    actions_.clear();
    wait_for_deadline();
    serve();
    EXPECT_TRUE(taken<ReportTrouble>().empty());
  }
  EXPECT_LT(requests_, 5 * 50) << "five requests each 15 s to 30 s, and some at first";
}

TEST_F(Rights, ThatAreGrantedLateAreFound) {
  bool granted = false;
  run([&granted](const Selection&, Verb) { return granted; });
  granted = true;
  actions_.clear();
  wait_for_deadline();
  serve();
  EXPECT_TRUE(sources()[0].watching);
  EXPECT_EQ(taken<ReportRecovery>().size(), 1U);
}

TEST_F(Rights, ThatAreMissingEndTheWaitWhereThatIsWanted) {
  options_.fail_on_forbidden = true;
  run([](const Selection&, Verb) { return false; });
  EXPECT_EQ(finished(), ExitCode::forbidden);
}

// Two resources are two moments: what one says never counts together with what the other says.
TEST_F(Rights, AreNeverMixed) {
  run([](const Selection& selection, Verb) { return !slices(selection); });
  actions_.clear();
  give(Listed{0, "99", {slice("99", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt) << "the late answer of a list that was given up";
}

}  // namespace
}  // namespace waiter::core

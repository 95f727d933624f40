// The session in virtual time: answers are handed in as heads and bytes, and requests are looked at
// as values.
#include "waiter/session/session.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace waiter::session {
namespace {

using core::Cause;
using core::ExitCode;
using std::chrono::seconds;

std::string slice_json(const std::string& version, bool ready) {
  return R"({"metadata":{"name":"mysql-abcde","resourceVersion":")" + version +
         R"(","labels":{"kubernetes.io/service-name":"mysql"}},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],)" +
         R"("conditions":{"ready":)" + (ready ? "true" : "false") +
         R"(}}],"ports":[{"name":"tcp","port":3306,"protocol":"TCP"}]})";
}

std::string list_json(const std::string& version, bool ready) {
  return R"({"kind":"EndpointSliceList","metadata":{"resourceVersion":")" + version +
         R"("},"items":[)" + slice_json(version, ready) + "]}";
}

/// The end of a stream's initial events.
std::string complete_at(const std::string& version) {
  return R"({"type":"BOOKMARK","object":{"kind":"EndpointSlice","metadata":{"resourceVersion":")" +
         version + R"(","annotations":{"k8s.io/initial-events-end":"true"}}}})" + "\n";
}

/// The one command of that type.
template <class What>
What the(const Session::Commands& commands) {
  std::vector<What> found;
  for (const Command& command : commands) {
    if (const auto* what = std::get_if<What>(&command)) found.push_back(*what);
  }
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? What{} : found.front();
}

class SessionTest : public testing::Test {
 protected:
  /// A server that declines to stream lists, so that lists and watches are apart.
  SessionTest() : session_(options()) {
    take(session_.start(now_));
    answer(request().id, 422, "{}");
  }

  static core::EngineOptions options() {
    core::EngineOptions options;
    options.groups = {{{"db", "mysql", "", {}}}};
    options.confirm = false;
    return options;
  }
  void take(Session::Commands commands) {
    for (Command& command : commands) commands_.push_back(std::move(command));
  }
  template <class What>
  std::vector<What> taken() {
    std::vector<What> found;
    for (const Command& command : std::exchange(commands_, {})) {
      if (const auto* what = std::get_if<What>(&command)) found.push_back(*what);
    }
    return found;
  }
  SendRequest request() {
    const auto requests = taken<SendRequest>();
    EXPECT_EQ(requests.size(), 1U);
    return requests.empty() ? SendRequest{} : requests.front();
  }
  void answer(RequestId id, int status, const std::string& body) {
    take(session_.on_head(now_, id, {status, ""}));
    take(session_.on_body(now_, id, body));
    take(session_.on_end(now_, id, {}));
  }
  /// A session whose watch is open; the id of the watch.
  RequestId watching() {
    answer(request().id, 200, list_json("5", false));
    const RequestId watch = request().id;
    take(session_.on_head(now_, watch, {200, ""}));
    commands_.clear();
    return watch;
  }
  void run_to_deadline() {
    ASSERT_TRUE(session_.next_deadline().has_value());
    now_ = *session_.next_deadline();
    take(session_.on_deadline(now_));
  }
  Cause trouble() {
    const auto troubles = taken<core::ReportTrouble>();
    EXPECT_EQ(troubles.size(), 1U);
    return troubles.empty() ? Cause::refused : troubles.front().failure.cause;
  }

  core::Instant now_{};
  Session session_;
  std::vector<Command> commands_;
};

TEST_F(SessionTest, BeginsWithAListAndThenWatches) {
  const SendRequest list = request();
  EXPECT_FALSE(list.stream);
  EXPECT_EQ(list.target.find("watch"), std::string::npos);
  answer(list.id, 200, list_json("5", false));
  const SendRequest watch = request();
  EXPECT_TRUE(watch.stream);
  EXPECT_NE(watch.target.find("resourceVersion=5&"), std::string::npos);
}

TEST_F(SessionTest, EndsWithTheEventThatMakesItReady) {
  const RequestId watch = watching();
  const std::string line = R"({"type":"MODIFIED","object":)" + slice_json("6", true) + "}\n";
  take(session_.on_body(now_, watch, line.substr(0, 50)));
  EXPECT_TRUE(taken<core::Finish>().empty());
  take(session_.on_body(now_, watch, line.substr(50)));
  EXPECT_EQ(taken<core::Finish>().at(0).code, ExitCode::ready);
}

// Half a list is no list: the connection broke, and what has come must not count.
TEST_F(SessionTest, APartialListNeverCounts) {
  const RequestId list = request().id;
  take(session_.on_head(now_, list, {200, ""}));
  take(session_.on_body(now_, list, list_json("5", true)));
  take(session_.on_end(now_, list, {End::Kind::broken, "reset"}));
  EXPECT_EQ(trouble(), Cause::broken);
}

TEST_F(SessionTest, DropsTheAnswerOfARequestThatIsOver) {
  const RequestId list = request().id;
  answer(list, 500, "");
  commands_.clear();
  answer(list, 200, list_json("5", true));
  EXPECT_TRUE(commands_.empty());
}

TEST_F(SessionTest, CancelsAListThatTakesTooLong) {
  const RequestId list = request().id;
  now_ += Session::list_limit;
  take(session_.on_deadline(now_));
  const auto commands = std::exchange(commands_, {});
  ASSERT_TRUE(std::holds_alternative<CancelRequest>(commands.at(0)));
  EXPECT_EQ(std::get<CancelRequest>(commands[0]).id, list);
  EXPECT_EQ(std::get<core::ReportTrouble>(commands.at(1)).failure.cause, Cause::too_slow);
}

// client-go#374: a stream that is dead without a sign must not be believed for ever.
TEST_F(SessionTest, CancelsAWatchThatOutlivesItsLifetime) {
  const RequestId watch = watching();
  const auto deadline = session_.next_deadline();
  ASSERT_TRUE(deadline.has_value());
  EXPECT_LE(*deadline - now_, seconds(60) + Session::lifetime_grace);
  run_to_deadline();
  EXPECT_EQ(taken<CancelRequest>().at(0).id, watch);
}

TEST_F(SessionTest, CancelsTheStreamAfterAnErrorInIt) {
  const RequestId watch = watching();
  take(session_.on_body(now_, watch,
                        "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"reason\":\"Expired\","
                        "\"message\":\"old\"}}\n"));
  EXPECT_EQ(taken<CancelRequest>().at(0).id, watch);
  run_to_deadline();
  EXPECT_FALSE(request().stream) << "a list follows an expired version";
}

TEST_F(SessionTest, AStreamThatEndsInTheMiddleOfAnEventIsBroken) {
  const RequestId watch = watching();
  take(session_.on_body(now_, watch, "{\"type\":\"MODI"));
  take(session_.on_end(now_, watch, {}));
  EXPECT_EQ(trouble(), Cause::broken);
  run_to_deadline();
  EXPECT_NE(request().target.find("resourceVersion=5&"), std::string::npos)
      << "resumed from the last whole event";
}

TEST_F(SessionTest, HonoursRetryAfterOfA429) {
  const RequestId list = request().id;
  take(session_.on_head(now_, list, {429, "7"}));
  take(session_.on_body(now_, list, "Too many requests, please try again later.\n"));
  take(session_.on_end(now_, list, {}));
  EXPECT_GE(*session_.next_deadline() - now_, seconds(7));
}

TEST_F(SessionTest, TellsWrongCertificatesFromDeadServers) {
  take(session_.on_end(now_, request().id, {End::Kind::untrusted_certificate, "self-signed"}));
  EXPECT_EQ(trouble(), Cause::untrusted_certificate);
  run_to_deadline();
  take(session_.on_end(now_, request().id, {End::Kind::refused, "refused"}));
  EXPECT_EQ(trouble(), Cause::refused);
}

// The list that confirms a view runs beside the watch, and its failure is no failure of the watch.
TEST_F(SessionTest, ConfirmsAResumedViewByAList) {
  const RequestId broken = watching();
  take(session_.on_end(now_, broken, {End::Kind::broken, "reset"}));
  run_to_deadline();
  const RequestId resumed = request().id;
  take(session_.on_head(now_, resumed, {200, ""}));
  take(session_.on_body(now_, resumed,
                        R"({"type":"MODIFIED","object":)" + slice_json("6", true) + "}\n"));
  EXPECT_TRUE(std::none_of(commands_.begin(), commands_.end(), [](const Command& command) {
    return std::holds_alternative<core::Finish>(command);
  }));
  const SendRequest confirmation = request();
  EXPECT_FALSE(confirmation.stream);
  answer(confirmation.id, 200, list_json("7", true));
  EXPECT_EQ(taken<core::Finish>().at(0).code, ExitCode::ready);
}

TEST_F(SessionTest, LooksAtTheEventsOfOnePieceAsAWhole) {
  const RequestId watch = watching();
  take(session_.on_body(now_, watch,
                        R"({"type":"MODIFIED","object":)" + slice_json("6", true) + "}\n" +
                            R"({"type":"MODIFIED","object":)" + slice_json("7", false) + "}\n"));
  EXPECT_TRUE(taken<core::Finish>().empty());
}

TEST_F(SessionTest, RefusesAListWithoutEnd) {
  const RequestId list = request().id;
  take(session_.on_head(now_, list, {200, ""}));
  const std::string piece(1024 * 1024, ' ');
  for (int i = 0; i < 33; ++i) take(session_.on_body(now_, list, piece));
  EXPECT_EQ(taken<CancelRequest>().at(0).id, list);
}

TEST_F(SessionTest, AnAnswerThatIsNoKubernetesIsNotUnderstood) {
  answer(request().id, 200, "<html>Sign in</html>");
  EXPECT_EQ(trouble(), Cause::undecodable);
}

// A list of any size is read in pages, and counts when the last one is here.
TEST_F(SessionTest, ReadsAListInPages) {
  std::string page = list_json("5", true);
  page.replace(page.find("\"5\"}"), 4, R"("5","continue":"next"})");
  const RequestId first = request().id;
  answer(first, 200, page);
  const auto commands = taken<SendRequest>();
  ASSERT_EQ(commands.size(), 1U) << "no verdict, no watch: the next page";
  EXPECT_NE(commands[0].target.find("&continue=next"), std::string::npos);
  answer(commands[0].id, 200, list_json("5", true));
  EXPECT_EQ(taken<core::Finish>().size(), 1U);
}

TEST_F(SessionTest, ListsFromTheBeginningWhenAPageHasExpired) {
  std::string page = list_json("5", true);
  page.replace(page.find("\"5\"}"), 4, R"("5","continue":"next"})");
  answer(request().id, 200, page);
  answer(request().id, 410, R"({"kind":"Status","code":410,"reason":"Expired"})");
  run_to_deadline();
  EXPECT_EQ(request().target.find("continue"), std::string::npos);
}

TEST_F(SessionTest, AsksWhyAServiceHasNoEndpoints) {
  answer(request().id, 200,
         R"({"kind":"EndpointSliceList","metadata":{"resourceVersion":"5"},"items":[]})");
  RequestId question = 0;
  for (const SendRequest& sent : taken<SendRequest>()) {
    if (sent.target == "/api/v1/namespaces/db/services/mysql") question = sent.id;
  }
  ASSERT_NE(question, 0U);
  answer(question, 200, R"({"kind":"Service","spec":{"type":"ExternalName"}})");
  const auto ends = taken<core::Finish>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].code, ExitCode::usage);
}

// Together the reads beside the watches need one connection more than there are watches.
TEST(SessionBeside, QuestionsGoOneAfterTheOther) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}, {{"db", "redis", "", {}}}};
  Session session(options);
  const RequestId watch = the<SendRequest>(session.start({})).id;
  session.on_head({}, watch, {200, ""});
  const SendRequest first = the<SendRequest>(session.on_body({}, watch, complete_at("5")));
  EXPECT_EQ(first.target, "/api/v1/namespaces/db/services/mysql");
  EXPECT_TRUE(session.on_head({}, first.id, {404, ""}).empty());
  const SendRequest second = the<SendRequest>(session.on_end({}, first.id, {}));
  EXPECT_EQ(second.target, "/api/v1/namespaces/db/services/redis");
}

// They only explain why there is nothing; the read before a verdict is what is waited for.
TEST(SessionBeside, TheReadBeforeAVerdictGoesBeforeQuestions) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}, {"db", "redis", "", {}}, {"db", "etcd", "", {}}}};
  Session session(options);
  const RequestId watch = the<SendRequest>(session.start({})).id;
  session.on_head({}, watch, {200, ""});
  const RequestId question = the<SendRequest>(session.on_body({}, watch, complete_at("5"))).id;
  session.on_body({}, watch, R"({"type":"ADDED","object":)" + slice_json("6", true) + "}\n");
  session.on_head({}, question, {404, ""});
  const SendRequest next = the<SendRequest>(session.on_end({}, question, {}));
  EXPECT_NE(next.target.find("endpointslices"), std::string::npos) << next.target;
}

TEST(SessionBeside, AReadThatTakesTooLongLetsTheNextOneGo) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}, {{"db", "redis", "", {}}}};
  Session session(options);
  const RequestId watch = the<SendRequest>(session.start({})).id;
  session.on_head({}, watch, {200, ""});
  session.on_body({}, watch, complete_at("5"));
  const auto after = session.on_deadline(core::Instant{} + Session::list_limit);
  const SendRequest second = the<SendRequest>(after);
  EXPECT_EQ(second.target, "/api/v1/namespaces/db/services/redis");
}

TEST(SessionStreams, AWatchBeginsWithWhatThereIs) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}};
  Session session(options);
  const auto commands = session.start({});
  const SendRequest watch = the<SendRequest>(commands);
  EXPECT_TRUE(watch.stream);
  session.on_head({}, watch.id, {200, ""});
  const std::string lines =
      R"({"type":"ADDED","object":)" + slice_json("4", true) + "}\n" + complete_at("9");
  const auto end = session.on_body({}, watch.id, lines);
  ASSERT_FALSE(end.empty());
  EXPECT_EQ(the<core::Finish>(end).code, ExitCode::ready);
}

// A server before 1.19 never sends the mark: the stream is cancelled, and a list is asked for.
TEST(SessionStreams, AreCancelledWhereTheMarkDoesNotCome) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}};
  Session session(options);
  const auto commands = session.start({});
  const RequestId watch = the<SendRequest>(commands).id;
  session.on_head({}, watch, {200, ""});
  const auto after = session.on_deadline(*session.next_deadline());
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(std::get<CancelRequest>(after[0]).id, watch);
  EXPECT_FALSE(std::get<SendRequest>(after[1]).stream);
}

// Where only a get by name is allowed, an object that does not exist is knowledge.
TEST(SessionPolls, AnAbsentObjectIsNoEndpoints) {
  core::EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}};
  options.source = core::Source::endpoints;
  options.mode = core::Mode::check;
  Session session(options);
  auto commands = session.start({});
  const std::string denied = R"({"kind":"Status","code":403,"reason":"Forbidden"})";
  const std::string absent =
      R"({"kind":"Status","code":404,"reason":"NotFound","details":{"name":"mysql","kind":"endpoints"}})";
  for (const std::string& body : {denied, denied, absent}) {
    const RequestId id = the<SendRequest>(commands).id;
    session.on_head({}, id, {body == absent ? 404 : 403, ""});
    session.on_body({}, id, body);
    commands = session.on_end({}, id, {});
  }
  EXPECT_EQ(the<core::Finish>(commands).code, ExitCode::not_ready);
}

}  // namespace
}  // namespace waiter::session

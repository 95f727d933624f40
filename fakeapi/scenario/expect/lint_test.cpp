// Each rule with a client that breaks it, and with good clients that are near: informers of
// client-go, kubectl, a waiter that confirms, pages of a list, replicas of one program.
#include "fakeapi/scenario/expect/lint.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/expect/test_record.hpp"

namespace fakeapi::scenario {
namespace {

using test::Asked;
using test::ending;
using test::record_of;
using test::slices;
using test::watch_slices;
using ::testing::HasSubstr;

// What a rule says; empty for a client that keeps it.
std::string broken(const std::string& name, const Record& record) {
  const auto rule = std::find_if(lint_rules().begin(), lint_rules().end(),
                                 [&](const LintRule& each) { return each.name == name; });
  return rule->broken(record).value_or("");
}

// The same request again and again, each on the connection that `connection` gives.
template <class Connection>
std::vector<RequestSeen> polls(int count, double pause, Connection connection) {
  std::vector<RequestSeen> out;
  for (int i = 0; i < count; ++i)
    out.push_back(Asked(i * pause, slices).on(static_cast<std::uint64_t>(connection(i))));
  return out;
}
int kept(int) { return 1; }
int anew(int i) { return i + 1; }

void add(std::vector<RequestSeen>& to, std::vector<RequestSeen> more) {
  to.insert(to.end(), more.begin(), more.end());
  std::stable_sort(to.begin(), to.end(),
                   [](const RequestSeen& a, const RequestSeen& b) { return a.real < b.real; });
}

// client-go's Reflector with WatchList (KEP-3157): no list at all.
std::vector<RequestSeen> watch_list_informer() {
  return {Asked(0, slices + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&"
                            "resourceVersionMatch=NotOlderThan&timeoutSeconds=431")
              .until(431),
          Asked(431, watch_slices)};
}

// Before WatchList: a list from the watch cache, in pages when it is long, then a watch.
std::vector<RequestSeen> old_informer() {
  return {Asked(0, slices + "?limit=500&resourceVersion=0"), Asked(0.1, watch_slices)};
}

// This project's own: what it watched is confirmed by a list that is as of now.
std::vector<RequestSeen> confirming_waiter() {
  return {Asked(0, slices + "?resourceVersion=0"), Asked(0.1, watch_slices),
          Asked(9, slices + "?limit=500").on(2)};
}

TEST(LintWatchWithoutTimeout, TellsTheWatchThatHasNone) {
  EXPECT_THAT(broken("watch-without-timeout", record_of({Asked(1.5, slices + "?watch=true")})),
              HasSubstr("the watch of endpointslices at 1.5 s has no timeoutSeconds"));
}

TEST(LintWatchWithoutTimeout, LetsInformersPass) {
  EXPECT_EQ(broken("watch-without-timeout", record_of(watch_list_informer())), "");
  EXPECT_EQ(broken("watch-without-timeout", record_of(old_informer())), "");
}

TEST(LintRetryAfter, TellsARetryThatComesTooEarly) {
  EXPECT_THAT(broken("retry-after-ignored",
                     record_of({Asked(1, slices).got(429, 2), Asked(2, slices).on(2)})),
              HasSubstr("the list of endpointslices at 2.0 s came 1.00 s after a 429 that asked "
                        "for 2 s"));
}

TEST(LintRetryAfter, LetsARetryInTimePass) {
  EXPECT_EQ(
      broken("retry-after-ignored", record_of({Asked(1, slices).got(429, 1), Asked(1.98, slices)})),
      "");
}

TEST(LintRetryAfter, IsOnlyAboutRefusals) {
  EXPECT_EQ(
      broken("retry-after-ignored", record_of({Asked(1, slices).got(200, 5), Asked(2, slices)})),
      "");
}

// Two `kubectl wait` of two Pods in one script; the verbs of one program; pages.
TEST(LintRetryAfter, IsOnlyAboutTheSameRequest) {
  const Record record = record_of(
      {Asked(1, "/api/v1/pods?fieldSelector=metadata.name%3Da").got(429, 5),
       Asked(1.1, "/api/v1/pods?fieldSelector=metadata.name%3Db"), Asked(1.2, "/api/v1/pods/a")});
  EXPECT_EQ(broken("retry-after-ignored", record), "");
}

TEST(LintRetryAfter, DoesNotTakeReplicasForOneClient) {
  const Record record = record_of({Asked(0, slices).on(1), Asked(0.1, slices).on(2),
                                   Asked(1, slices).on(1).got(429, 5), Asked(2, slices).on(2),
                                   Asked(6.1, slices).on(1)});
  EXPECT_EQ(broken("retry-after-ignored", record), "");
}

TEST(LintRelistStorm, TellsSixListsInFiveSeconds) {
  EXPECT_THAT(broken("relist-storm", record_of(polls(6, 0.9, anew))),
              HasSubstr("6 times list of endpointslices in 4.5 s"));
  EXPECT_NE(broken("relist-storm", record_of(polls(6, 0.9, kept))), "");
}

TEST(LintRelistStorm, LetsSlowerListsPass) {
  EXPECT_EQ(broken("relist-storm", record_of(polls(6, 1.0, kept))), "");
}

TEST(LintRelistStorm, CountsTheListAndNotItsPages) {
  std::vector<RequestSeen> pages{Asked(0, slices + "?limit=500")};
  for (int page = 1; page < 20; ++page)
    pages.push_back(Asked(0.1 * page, slices + "?limit=500&continue=abc"));
  EXPECT_EQ(broken("relist-storm", record_of(pages)), "");
}

// A Deployment of six that starts: each lists once and goes on watching.
TEST(LintRelistStorm, DoesNotTakeReplicasForOneClient) {
  std::vector<RequestSeen> all;
  for (int replica = 0; replica < 8; ++replica) {
    const auto connection = static_cast<std::uint64_t>(replica + 1);
    add(all, {Asked(replica * 0.1, slices).on(connection),
              Asked(replica * 0.1 + 0.01, watch_slices).on(connection)});
  }
  EXPECT_EQ(broken("relist-storm", record_of(all)), "");
  EXPECT_EQ(broken("connection-per-poll", record_of(all)), "");
}

TEST(LintDecisionOnCachedRead, TellsAnInformerThatDecides) {
  EXPECT_THAT(broken("decision-on-cached-read", ending(record_of(old_informer()), 9)),
              HasSubstr("it ended with 0 on a list of endpointslices at 0.0 s with "
                        "resourceVersion=0"));
  EXPECT_NE(broken("decision-on-cached-read",
                   ending(record_of({Asked(1, slices + "?watch=1&resourceVersion=0")}), 9)),
            "");
}

TEST(LintDecisionOnCachedRead, LetsAConfirmationPass) {
  EXPECT_EQ(broken("decision-on-cached-read", ending(record_of(confirming_waiter()), 9.1)), "");
}

// `kubectl wait`: a list as of now, and a watch that goes on from it, also after it has ended.
TEST(LintDecisionOnCachedRead, LetsAWatchThatGoesOnFromACurrentReadPass) {
  const Record record = record_of(
      {Asked(0, slices), Asked(0.1, watch_slices).until(300), Asked(300.5, watch_slices)});
  EXPECT_EQ(broken("decision-on-cached-read", ending(record, 310)), "");
}

TEST(LintDecisionOnCachedRead, LetsAWatchListThatIsAsOfNowPass) {
  EXPECT_EQ(broken("decision-on-cached-read", ending(record_of(watch_list_informer()), 500)), "");
}

// The pages of a list are as old as its first.
TEST(LintDecisionOnCachedRead, TakesNoPageForAConfirmation) {
  const Record record = record_of({Asked(0, slices + "?limit=1&resourceVersion=0"),
                                   Asked(0.1, slices + "?limit=1&continue=abc")});
  EXPECT_NE(broken("decision-on-cached-read", ending(record, 9)), "");
}

TEST(LintDecisionOnCachedRead, TakesNoRefusedReadForAConfirmation) {
  const Record record =
      record_of({Asked(0, slices + "?resourceVersion=0"), Asked(1, slices).got(503)});
  EXPECT_NE(broken("decision-on-cached-read", ending(record, 9)), "");
}

// A dashboard beside the program under test.
TEST(LintDecisionOnCachedRead, DoesNotBlameOneClientForAnother) {
  std::vector<RequestSeen> all = confirming_waiter();
  add(all, {Asked(9.05, "/api/v1/pods?resourceVersion=0").by("dashboard/1").on(3)});
  EXPECT_EQ(broken("decision-on-cached-read", ending(record_of(all), 9.1)), "");
}

TEST(LintDecisionOnCachedRead, IsOnlyAboutProgramsThatClaimSuccess) {
  EXPECT_EQ(broken("decision-on-cached-read", ending(record_of(old_informer()), 9, 1)), "");
  EXPECT_EQ(broken("decision-on-cached-read", record_of(old_informer())), "");
}

TEST(LintNoJitter, TellsALoopThatSleepsTheSameEachTime) {
  EXPECT_THAT(broken("equal-pauses", record_of(polls(6, 2.0, kept))),
              HasSubstr("6 times list of endpointslices exactly every 2.00 s, the last at 10.0 s"));
}

TEST(LintNoJitter, LetsDrawnPausesPass) {
  std::vector<RequestSeen> drawn;
  for (const double at : {0.0, 2.1, 4.0, 6.2, 8.1, 10.3, 12.2}) drawn.push_back(Asked(at, slices));
  EXPECT_EQ(broken("equal-pauses", record_of(drawn)), "");
}

TEST(LintNoJitter, LetsFivePass) {
  EXPECT_EQ(broken("equal-pauses", record_of(polls(5, 2.0, kept))), "");
}

// client-go waits exactly as long as Retry-After says.
TEST(LintNoJitter, LetsPausesPassThatTheServerAskedFor) {
  std::vector<RequestSeen> all;
  for (int i = 0; i < 8; ++i) all.push_back(Asked(i, slices).got(429, 1));
  EXPECT_EQ(broken("equal-pauses", record_of(all)), "");
}

// Leader election renews its lease every two seconds.
TEST(LintNoJitter, LetsTheHolderOfALeasePass) {
  std::vector<RequestSeen> all;
  for (int i = 0; i < 8; ++i)
    all.push_back(Asked(2 * i, "/apis/coordination.k8s.io/v1/namespaces/default/leases/a"));
  EXPECT_EQ(broken("equal-pauses", record_of(all)), "");
}

TEST(LintConnectionPerPoll, TellsALoopThatConnectsEachTime) {
  EXPECT_THAT(
      broken("connection-per-poll", record_of(polls(4, 1, anew))),
      HasSubstr("4 requests (list of endpointslices), each on a TLS connection of its own"));
}

TEST(LintConnectionPerPoll, LetsAConnectionThatIsKeptPass) {
  EXPECT_EQ(broken("connection-per-poll", record_of(polls(9, 1, kept))), "");
  EXPECT_EQ(broken("connection-per-poll", record_of(polls(9, 1, [](int i) { return i / 2; }))), "");
}

TEST(LintConnectionPerPoll, LetsThreePass) {
  EXPECT_EQ(broken("connection-per-poll", record_of(polls(3, 1, anew))), "");
}

// Its connections were cut by the scenario, not by the client.
TEST(LintConnectionPerPoll, LetsAClientPassWhoseConnectionsWereTakenFromIt) {
  std::vector<RequestSeen> cut;
  for (int i = 0; i < 6; ++i)
    cut.push_back(Asked(i, slices).on(static_cast<std::uint64_t>(i + 1)).met("cut"));
  EXPECT_EQ(broken("connection-per-poll", record_of(cut)), "");
}

// Over HTTP/1.1 a watch is left by closing its connection.
TEST(LintConnectionPerPoll, LetsAClientPassThatUsesItsConnectionsUpWithWatches) {
  std::vector<RequestSeen> all;
  for (int i = 0; i < 6; ++i) {
    const auto connection = static_cast<std::uint64_t>(i + 1);
    all.push_back(Asked(5 * i, slices).on(connection));
    all.push_back(Asked(5 * i + 0.1, watch_slices).on(connection).until(5 * i + 4));
  }
  EXPECT_EQ(broken("connection-per-poll", record_of(all)), "");
}

// What stands between closes connections that are idle for minutes.
TEST(LintConnectionPerPoll, LetsSlowPollsPass) {
  EXPECT_EQ(broken("connection-per-poll", record_of(polls(6, 60, anew))), "");
}

Record renewed(std::vector<RequestSeen> requests, double at) {
  Record record = record_of(std::move(requests));
  record.token_renewals.push_back(Asked(at, "/").real);
  return record;
}

TEST(LintExpiredToken, TellsOneThatGoesOnWithTheOldToken) {
  EXPECT_THAT(
      broken("expired-token-used-again",
             renewed({Asked(0, slices).with_token(5), Asked(10, slices).with_token(5).got(401),
                      Asked(13, slices).with_token(5).got(401)},
                     9)),
      HasSubstr("the list of endpointslices at 13.0 s came with a token that had been refused "
                "with 401, 4.0 s after its file held a new one"));
}

TEST(LintExpiredToken, LetsOnePassThatReadsItAgain) {
  EXPECT_EQ(
      broken("expired-token-used-again",
             renewed({Asked(0, slices).with_token(5), Asked(10, slices).with_token(5).got(401),
                      Asked(11.9, slices).with_token(5).got(401), Asked(13, slices).with_token(6)},
                     9)),
      "");
}

// The token has expired and there is no other: it can only try again.
TEST(LintExpiredToken, LetsOnePassThatHasNoOtherToken) {
  EXPECT_EQ(broken("expired-token-used-again",
                   renewed({Asked(0, slices).with_token(5), Asked(10, slices).with_token(6),
                            Asked(20, slices).with_token(6).got(401),
                            Asked(30, slices).with_token(6).got(401)},
                           9)),
            "");
  EXPECT_EQ(
      broken("expired-token-used-again", record_of({Asked(0, slices).with_token(5).got(401),
                                                    Asked(30, slices).with_token(5).got(401)})),
      "");
}

TEST(LintRules, AreKeptByNobodyWhoDidNothing) {
  for (const LintRule& rule : lint_rules()) EXPECT_EQ(broken(std::string(rule.name), Record{}), "");
}

}  // namespace
}  // namespace fakeapi::scenario

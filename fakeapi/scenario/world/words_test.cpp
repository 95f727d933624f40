// What a scenario comes to, in words.
#include "fakeapi/scenario/world/words.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/test_support.hpp"

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;

TEST(InWords, TellsEachTimeWithWhatIsThen) {
  const Scenario scenario = test::scenario_of(test::load(test::scenario_with(
      2,
      "  - {at: 0s, why: all is well, pods: {\"mysql-*\": ready}}\n"
      "  - {at: 1500ms, why: gone, controllers: paused, pods: {mysql-1: terminating}}\n")));
  EXPECT_THAT(
      in_words(scenario),
      ElementsAre("        0s  all is well",                                            //
                  "              created: services/mysql, pods/mysql-0, pods/mysql-1",  //
                  "              listens: mysql-0 at 10.20.0.1, mysql-1 at 10.20.0.2",
                  "              shown as ready: mysql-0 at 10.20.0.1, mysql-1 at 10.20.0.2",
                  "    1500ms  gone", "              controller paused: endpoints, endpointslices",
                  "              terminating: mysql-1", "   31500ms  all faults end",
                  "   91500ms  the end"));
}

TEST(InWords, TellsWhatWaitsForClientsAndWhatFaultsDo) {
  const Scenario scenario = test::scenario_of(test::load(
      "version: 1\nabout: A.\ntimeline:\n"
      "  - {when: {watches: 2}, after: 1s ± 500ms, why: enough, api: down}\n"
      "  - {when: {request: {verb: list, resource: pods}, nth: 3}, every: 1s, times: 2, why: "
      "again, api: up}\n"
      "faults:\n  - {name: a, window: 1s..2s, latency: 5ms, stream: {then: drop}}\n"));
  EXPECT_THAT(
      in_words(scenario),
      ElementsAre("        0s  the Services and their Pods are created",
                  "     later  when 2 watches are open at once, uniform(500ms, 1500ms) later: "
                  "enough",
                  "     later  when list pods number 3 came, 2 times, every 1s: again",
                  "    1s..2s  fault a (hostile): latency 5ms, stream drop",
                  "       32s  all faults end", "       92s  the end"));
}

}  // namespace
}  // namespace fakeapi::scenario

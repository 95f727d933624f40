// The truth counts Pods, not ports and not messages.
#include "fakeapi/scenario/world/truth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const std::vector<ServiceInfo> services{{"default", "mysql", 2}, {"default", "cache", 1}};

TEST(Truth, BeginsWithNothingListeningInTheOrderOfTheServices) {
  EXPECT_THAT(Truth(services).listening(), ElementsAre(Pair("mysql", 0), Pair("cache", 0)));
}

TEST(Truth, CountsEachPodOnce) {
  Truth truth(services);
  truth.apply(Listen{"mysql", "mysql-0", "10.20.0.1", {3306, 33060}, true});
  truth.apply(Listen{"mysql", "mysql-0", "10.20.0.1", {3306, 33060}, true});
  truth.apply(Listen{"mysql", "mysql-1", "10.20.0.2", {3306}, true});
  EXPECT_THAT(truth.listening(), ElementsAre(Pair("mysql", 2), Pair("cache", 0)));
  truth.apply(Listen{"mysql", "mysql-0", "10.20.0.1", {3306, 33060}, false});
  EXPECT_THAT(truth.listening(), ElementsAre(Pair("mysql", 1), Pair("cache", 0)));
}

// The old address may be closed after the new one is open; the Pod listens all the same.
TEST(Truth, IgnoresTheEndOfAnAddressThatThePodHasLeft) {
  Truth truth(services);
  truth.apply(Listen{"cache", "cache-0", "10.20.0.1", {80}, true});
  truth.apply(Listen{"cache", "cache-0", "10.20.0.2", {80}, true});
  truth.apply(Listen{"cache", "cache-0", "10.20.0.1", {80}, false});
  EXPECT_THAT(truth.listening(), ElementsAre(Pair("mysql", 0), Pair("cache", 1)));
}

TEST(Truth, IgnoresOtherActionsAndUnknownServices) {
  Truth truth(services);
  truth.apply(Action{SetApi{false}});
  truth.apply(Action{Listen{"web", "web-0", "10.20.0.1", {80}, true}});
  EXPECT_THAT(truth.listening(), ElementsAre(Pair("mysql", 0), Pair("cache", 0)));
}

}  // namespace
}  // namespace fakeapi::scenario

#include "fakeapi/run/pod_network.hpp"

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

TEST(PodNetwork, MovesAddressesOfPodsAndNothingElse) {
  scenario::Timeline timeline;
  timeline.steps.push_back(
      {{},
       "",
       {scenario::Listen{"mysql", "mysql-0", "10.20.0.1", {3306}, true},
        scenario::Operate{"PATCH", "/p", "t",
                          R"({"podIP":"10.20.0.1","note":"not 10.20.0.1","other":"10.21.0.1"})"}}});
  move_to_loopback(timeline);
  EXPECT_EQ(std::get<scenario::Listen>(timeline.steps[0].actions[0]).address, "127.20.0.1");
  EXPECT_EQ(std::get<scenario::Operate>(timeline.steps[0].actions[1]).body,
            R"({"podIP":"127.20.0.1","note":"not 10.20.0.1","other":"10.21.0.1"})");
}

}  // namespace
}  // namespace fakeapi::run

#include "fakeapi/run/pod_network.hpp"

#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

TEST(PodNetwork, MovesListenersOperationsAndObjectsTogether) {
  scenario::Action listen = scenario::Listen{"mysql", "mysql-0", "10.20.0.1", {3306}, true};
  scenario::Action operate = scenario::Operate{"PATCH", "/x", "", R"({"podIP":"10.20.0.1"})"};
  scenario::Action apply = scenario::Apply{
      std::make_shared<const nlohmann::json>(nlohmann::json{{"podIP", "10.20.0.1"}})};
  for (scenario::Action* action : {&listen, &operate, &apply}) move_to_loopback(*action);
  EXPECT_EQ(std::get<scenario::Listen>(listen).address, "127.20.0.1");
  EXPECT_EQ(std::get<scenario::Operate>(operate).body, R"({"podIP":"127.20.0.1"})");
  EXPECT_EQ((*std::get<scenario::Apply>(apply).object)["podIP"], "127.20.0.1");
}

TEST(PodNetwork, LeavesOtherAddressesAlone) {
  scenario::Action operate = scenario::Operate{"POST", "/x", "", R"({"ip":"110.20.0.1"})"};
  move_to_loopback(operate);
  EXPECT_EQ(std::get<scenario::Operate>(operate).body, R"({"ip":"110.20.0.1"})");
}

}  // namespace
}  // namespace fakeapi::run

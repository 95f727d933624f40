#include "fakeapi/run/api_lane.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

using cluster::Change;
using nlohmann::json;

Change change(Change::Type type, const std::string& name, const json& endpoints) {
  return {
      type, "endpointslices",
      std::make_shared<const json>(json{{"metadata",
                                         {{"name", name},
                                          {"namespace", "default"},
                                          {"labels", {{"kubernetes.io/service-name", "mysql"}}}}},
                                        {"endpoints", endpoints}})};
}

json endpoint(const json& conditions) {
  return {{"addresses", {"10.20.0.1"}}, {"conditions", conditions}};
}

TEST(ApiLane, CountsReadyAddressesOfAllSlices) {
  ApiLane lane;
  EXPECT_EQ(
      lane.observe(change(Change::Type::added, "a", json::array({endpoint({{"ready", true}})})))
          ->ready,
      1);
  EXPECT_EQ(
      lane.observe(change(Change::Type::added, "b",
                          json::array({endpoint({{"ready", true}}), endpoint({{"ready", false}})})))
          ->ready,
      2);
}

TEST(ApiLane, TakesAnAbsentConditionForReady) {
  ApiLane lane;
  EXPECT_EQ(lane.observe(change(Change::Type::added, "a", json::array({endpoint(json::object())})))
                ->ready,
            1);
}

TEST(ApiLane, IsSilentWhereTheNumberStays) {
  ApiLane lane;
  EXPECT_FALSE(lane.observe(change(Change::Type::added, "a", nullptr)).has_value());
  lane.observe(change(Change::Type::modified, "a", json::array({endpoint({{"ready", true}})})));
  EXPECT_FALSE(
      lane.observe(change(Change::Type::modified, "a", json::array({endpoint({{"ready", true}})})))
          .has_value());
}

TEST(ApiLane, ForgetsADeletedSlice) {
  ApiLane lane;
  lane.observe(change(Change::Type::added, "a", json::array({endpoint({{"ready", true}})})));
  EXPECT_EQ(
      lane.observe(change(Change::Type::deleted, "a", json::array({endpoint({{"ready", true}})})))
          ->ready,
      0);
}

}  // namespace
}  // namespace fakeapi::run

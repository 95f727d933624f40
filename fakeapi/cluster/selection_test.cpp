// Field selectors of the kinds that the recordings do not ask for.
#include "fakeapi/cluster/selection.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

const Kinds& kinds() {
  static const Kinds table;
  return table;
}

Object pod(const nlohmann::json& spec) {
  return Object(std::make_shared<const nlohmann::json>(nlohmann::json{
      {"metadata", {{"name", "p"}, {"namespace", "default"}, {"resourceVersion", "1"}}},
      {"spec", spec}}));
}

// A selector of one name is an index of its own: 10,000 watches of one name each wake one by one.
TEST(Selection, OneNameIsFoundOutOfTheFields) {
  const auto selection =
      make_selection(kinds().of("endpoints"), "default", "", "metadata.name=mysql");
  ASSERT_TRUE(selection);
  EXPECT_EQ(selection->name, "mysql");
}

TEST(Selection, PodsAreSelectedByNode) {
  const auto selection =
      make_selection(kinds().of("pods"), "", "", "spec.nodeName=n,metadata.name!=q");
  ASSERT_TRUE(selection);
  EXPECT_TRUE(selection->matches(pod({{"nodeName", "n"}})));
  EXPECT_FALSE(selection->matches(pod({{"nodeName", "other"}})));
}

TEST(Selection, TwoEqualSignsAreOneOperator) {
  const auto selection = make_selection(kinds().of("pods"), "", "", "spec.nodeName==n");
  ASSERT_TRUE(selection);
  EXPECT_TRUE(selection->matches(pod({{"nodeName", "n"}})));
}

// pkg/apis/core/v1/conversion.go: kinds with conversions of their own say it in these words.
TEST(Selection, AnUnknownFieldOfPodsIsRefused) {
  const auto selection = make_selection(kinds().of("pods"), "", "", "spec.nope=1");
  ASSERT_FALSE(selection);
  EXPECT_EQ(selection.failure().code, 400);
  EXPECT_EQ(selection.failure().message, "field label not supported: spec.nope");
}

}  // namespace
}  // namespace fakeapi::cluster

#include "waiter/cli/rbac.hpp"

#include <gtest/gtest.h>

namespace waiter::cli {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

const std::vector<std::vector<core::Dependency>> groups = {
    {{"db", "mysql", "", {}}, {"db", "maria", "", {}}},
    {{"db", "mysql", "metrics", {}}},
    {{"shop", "web", "", {}}}};

TEST(Rbac, ARoleAndABindingForEachNamespace) {
  const std::string text = rbac_objects(groups, core::Source::automatic, {"account", "shop"});
  EXPECT_EQ(count(text, "\nkind: Role\n"), 2U);
  EXPECT_EQ(count(text, "\nkind: RoleBinding\n"), 2U);
  EXPECT_EQ(count(text, "verbs: [list, watch]\n"), 2U);
  EXPECT_EQ(count(text, "- kind: ServiceAccount\n    name: \"account\"\n    namespace: \"shop\"\n"),
            2U);
  EXPECT_EQ(count(text, "resources: [endpoints]"), 0U);
}

TEST(Rbac, EndpointsAreNamedOnceEach) {
  const std::string text = rbac_objects(groups, core::Source::endpoints, {"account", "shop"});
  EXPECT_EQ(count(text, "\n    resourceNames:\n      - \"maria\"\n      - \"mysql\"\n    verbs:"),
            1U);
  EXPECT_EQ(count(text, "verbs: [get, list, watch]\n"), 2U);
  EXPECT_EQ(count(text, "endpointslices"), 0U);
}

}  // namespace
}  // namespace waiter::cli

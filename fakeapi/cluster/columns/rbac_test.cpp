// Bindings, as printers.go printRoleBinding and rbac SubjectsStrings print them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using testing::cells_of;
using testing::headers_of;

TEST(PrintRoleBinding, HasTheColumnsOfBindings) {
  EXPECT_EQ(headers_of(role_bindings()), "Name,Role,Age,Users*,Groups*,ServiceAccounts*");
  EXPECT_EQ(headers_of(cluster_role_bindings()), headers_of(role_bindings()));
}

TEST(PrintRoleBinding, ShowsTheRoleAndWhoHasIt) {
  const json binding = R"({"metadata":{"name":"read"},
    "roleRef":{"kind":"ClusterRole","name":"view"},
    "subjects":[{"kind":"User","name":"ann"},{"kind":"Group","name":"dev"},
      {"kind":"User","name":"bob"},{"kind":"ServiceAccount","name":"waiter","namespace":"prod"},
      {"kind":"Robot","name":"r2"}]})"_json;
  for (const Printer* printer : {&role_bindings(), &cluster_role_bindings()}) {
    EXPECT_EQ(cells_of(*printer, binding),
              json({"read", "ClusterRole/view", "<unknown>", "ann, bob", "dev", "prod/waiter"}));
  }
}

TEST(PrintRoleBinding, IsEmptyWithoutSubjects) {
  const json cells = cells_of(role_bindings(), json::object());
  EXPECT_EQ(json({cells[1], cells[3], cells[4], cells[5]}), json({"/", "", "", ""}));
}

}  // namespace
}  // namespace fakeapi::cluster::columns

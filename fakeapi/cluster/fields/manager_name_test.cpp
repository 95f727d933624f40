// apiserver endpoints/handlers/create.go, managerOrUserAgent and prefixFromUserAgent.
#include "fakeapi/cluster/fields/manager_name.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/managers.hpp"

namespace fakeapi::cluster::fields {
namespace {

TEST(ManagerName, IsTheParameterOrElseTheUserAgentUpToASlash) {
  EXPECT_EQ(manager_name("me", "kubectl/v1.37.2 (linux/amd64)"), "me");
  EXPECT_EQ(manager_name("", "kubectl/v1.37.2 (linux/amd64)"), "kubectl");
  EXPECT_EQ(manager_name("", "Mozilla (X11)"), "Mozilla (X11)");
  EXPECT_EQ(manager_name("", ""), "");
}

TEST(ManagerName, LeavesOutWhatIsNotPrintable) {
  EXPECT_EQ(manager_name("", "a\tb\u00a0c\u200bd é/1"), "abcd é");
}

TEST(ManagerName, IsCutAt128BytesBetweenCharacters) {
  const std::string name = manager_name("", std::string(127, 'a') + "é");
  EXPECT_EQ(name, std::string(127, 'a'));
  EXPECT_EQ(manager_name("", std::string(200, 'a')).size(), 128U);
}

// meta/v1/validation, ValidateFieldManager.
TEST(ManagerName, IsValidatedForLengthAndCharacters) {
  EXPECT_TRUE(validate_field_manager("kubectl", "fieldManager").empty());
  const FieldErrors long_name = validate_field_manager(std::string(129, 'a'), "fieldManager");
  ASSERT_EQ(long_name.size(), 1U);
  EXPECT_EQ(long_name[0].message, "Too long: may not be more than 128 bytes");
  const FieldErrors control = validate_field_manager("a\x07", "fieldManager");
  ASSERT_EQ(control.size(), 1U);
  EXPECT_EQ(control[0].message,
            "Invalid value: \"a\\a\": invalid character U+0007 (at position 1)");
}

TEST(ManagerName, OfAnEntryIsValidatedAsWell) {
  const nlohmann::json object = {
      {"metadata", {{"managedFields", {{{"manager", std::string(129, 'a')}}}}}}};
  const FieldErrors errors = validate_managed_fields(object);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].field, "metadata.managedFields[0].manager");
}

}  // namespace
}  // namespace fakeapi::cluster::fields

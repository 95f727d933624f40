#include "waiter/net/cluster_access.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace waiter::net {
namespace {

/// A folder of its own that is gone with the test.
class ClusterAccessTest : public testing::Test {
 protected:
  ClusterAccessTest() {
    std::string pattern = testing::TempDir() + "access-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ClusterAccessTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  static Environment environment(std::map<std::string, std::string> values) {
    return [values](const char* name) -> std::optional<std::string> {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    };
  }
  static std::string error_of(const AccessResult& result) {
    const auto* error = std::get_if<ConfigError>(&result);
    return error != nullptr ? error->message : "";
  }

  std::string folder_;
};

TEST_F(ClusterAccessTest, ReadsThePodsOwnConfiguration) {
  write("namespace", "shop\n");
  const auto result = in_cluster_access(
      environment({{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "6443"}}),
      folder_);
  ASSERT_EQ(error_of(result), "");
  const auto& access = std::get<ClusterAccess>(result);
  EXPECT_EQ(access.url(), "https://[fd00::1]:6443");
  EXPECT_EQ(access.namespace_name, "shop");
  EXPECT_EQ(access.token.file, folder_ + "/token");
}

TEST_F(ClusterAccessTest, SaysThatThereIsNoCluster) {
  EXPECT_NE(error_of(in_cluster_access(environment({}), folder_)).find("KUBERNETES_SERVICE_HOST"),
            std::string::npos);
}

TEST_F(ClusterAccessTest, AnUnknownNamespaceIsLeftEmpty) {
  const auto result = in_cluster_access(
      environment({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}}),
      folder_);
  EXPECT_EQ(std::get<ClusterAccess>(result).namespace_name, "");
}

TEST_F(ClusterAccessTest, AnUnreadableTokenIsFoundAtTheStart) {
  ClusterAccess access;
  access.token.file = folder_ + "/token";
  auto error = check_access(access);
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find(folder_ + "/token"), std::string::npos);
  EXPECT_NE(error->message.find("No such file"), std::string::npos);
  write("token", " \n");
  EXPECT_NE(check_access(access)->message.find("is empty"), std::string::npos);
}

TEST_F(ClusterAccessTest, ACaThatIsNoPemIsFoundAtTheStart) {
  ClusterAccess access;
  access.token.file = write("token", "secret");
  access.ca.file =
      write("ca.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  const auto error = check_access(access);
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find("ca.crt"), std::string::npos);
  EXPECT_EQ(error->message.find("secret"), std::string::npos) << "a token is never shown";
}

}  // namespace
}  // namespace waiter::net

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
  ClusterAccess access(const std::string& text, const std::string& context = "") {
    auto result = kubeconfig_access(write("config", text), context);
    EXPECT_EQ(error_of(result), "");
    return std::holds_alternative<ClusterAccess>(result) ? std::get<ClusterAccess>(result)
                                                         : ClusterAccess{};
  }
  std::string refusal(const std::string& text) {
    return error_of(kubeconfig_access(write("config", text), ""));
  }

  std::string folder_;
};

std::string config(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: one\n"
         "contexts:\n- name: one\n  context: {cluster: c, user: u, namespace: apps}\n"
         "- name: two\n  context:\n    cluster: c\n    user: u\n"
         "clusters:\n- name: c\n  cluster:\n" +
         cluster + "users:\n- name: u\n  user:\n" + user;
}

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

TEST_F(ClusterAccessTest, ReadsAKubeconfigsCurrentContext) {
  const auto read =
      access(config("    server: https://10.0.0.1:6443\n    certificate-authority: pki/ca.crt\n",
                    "    tokenFile: /run/token\n"));
  EXPECT_EQ(read.url(), "https://10.0.0.1:6443");
  EXPECT_EQ(read.ca.file, folder_ + "/pki/ca.crt") << "relative to the kubeconfig";
  EXPECT_EQ(read.token.file, "/run/token");
  EXPECT_EQ(read.namespace_name, "apps");
}

TEST_F(ClusterAccessTest, TakesTheContextThatIsNamed) {
  const std::string text = config("    server: https://10.0.0.1\n", "    token: t\n");
  EXPECT_EQ(access(text, "two").namespace_name, "default");
  EXPECT_NE(error_of(kubeconfig_access(write("config", text), "three")).find("\"three\""),
            std::string::npos);
}

// RFC 4648: "aGVsbG8=" is "hello".
TEST_F(ClusterAccessTest, DecodesEmbeddedData) {
  const auto read =
      access(config("    server: https://10.0.0.1\n    certificate-authority-data: aGVsbG8=\n",
                    "    client-certificate-data: aGVsbG8=\n    client-key-data: aGVsbG8=\n"));
  EXPECT_EQ(read.ca.text, "hello");
  EXPECT_EQ(read.client_key.text, "hello");
}

TEST_F(ClusterAccessTest, NamesTheWayToAuthenticateThatIsNotSupported) {
  const std::string cluster = "    server: https://10.0.0.1\n";
  EXPECT_NE(
      refusal(config(cluster, "    exec: {command: aws}\n")).find("\"exec\" is not supported"),
      std::string::npos);
  EXPECT_NE(refusal(config(cluster, "    username: u\n    password: p\n")).find("not supported"),
            std::string::npos);
}

TEST_F(ClusterAccessTest, SaysWhatIsWrongWithAKubeconfig) {
  EXPECT_NE(refusal("a: [").find("line"), std::string::npos);
  EXPECT_NE(refusal("{}").find("current-context"), std::string::npos);
  EXPECT_NE(refusal(config("    server: http://10.0.0.1\n", "    token: t\n")).find("https://HOST"),
            std::string::npos);
  EXPECT_NE(error_of(kubeconfig_access(folder_ + "/none", "")).find("No such file"),
            std::string::npos);
}

}  // namespace
}  // namespace waiter::net

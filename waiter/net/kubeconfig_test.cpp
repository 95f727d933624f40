#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "waiter/net/cluster_access.hpp"

namespace waiter::net {
namespace {

class KubeconfigTest : public testing::Test {
 protected:
  KubeconfigTest() {
    std::string pattern = testing::TempDir() + "kubeconfig-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~KubeconfigTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  static std::string error_of(const AccessResult& result) {
    const auto* error = std::get_if<ConfigError>(&result);
    return error != nullptr ? error->message : "";
  }
  static ClusterAccess access_of(AccessResult result) {
    EXPECT_EQ(error_of(result), "");
    auto* access = std::get_if<ClusterAccess>(&result);
    return access != nullptr ? std::move(*access) : ClusterAccess{};
  }
  ClusterAccess access(const std::string& text, const std::string& context = "") {
    return access_of(kubeconfig_access({write("config", text)}, context));
  }
  std::string refusal(const std::string& text) {
    return error_of(kubeconfig_access({write("config", text)}, ""));
  }

  std::string folder_;
};

const std::string plain_cluster = "    server: https://10.0.0.1\n";

std::string config(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: one\npreferences: {}\n"
         "contexts:\n- name: one\n  context: {cluster: c, user: u, namespace: apps}\n"
         "- name: two\n  context:\n    cluster: c\n    user: u\n"
         "clusters:\n- name: c\n  cluster:\n" +
         cluster + "users:\n- name: u\n  user:\n" + user;
}

std::string with_plugin(const std::string& more) {
  return config(plain_cluster,
                "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n" + more);
}

TEST_F(KubeconfigTest, ReadsTheCurrentContext) {
  const auto read =
      access(config("    server: https://10.0.0.1:6443\n    certificate-authority: pki/ca.crt\n",
                    "    tokenFile: /run/token\n"));
  EXPECT_EQ(read.url(), "https://10.0.0.1:6443");
  EXPECT_EQ(read.ca.file, folder_ + "/pki/ca.crt") << "relative to the kubeconfig";
  EXPECT_EQ(read.token.file, "/run/token");
  EXPECT_EQ(read.namespace_name, "apps");
}

TEST_F(KubeconfigTest, TakesTheContextThatIsNamed) {
  const std::string text = config(plain_cluster, "    token: t\n");
  EXPECT_EQ(access(text, "two").namespace_name, "default");
  EXPECT_NE(error_of(kubeconfig_access({write("config", text)}, "three")).find("\"three\""),
            std::string::npos);
}

// RFC 4648: "aGVsbG8=" is "hello". kind, kubeadm and k3s write it so.
TEST_F(KubeconfigTest, DecodesEmbeddedData) {
  const auto read =
      access(config("    server: https://10.0.0.1\n    certificate-authority-data: aGVsbG8=\n",
                    "    client-certificate-data: aGVsbG8=\n    client-key-data: aGVsbG8=\n"));
  EXPECT_EQ(read.ca.text, "hello");
  EXPECT_EQ(read.client_certificate.text, "hello");
  EXPECT_EQ(read.client_key.text, "hello");
}

// minikube writes paths; each is relative to the file's folder.
TEST_F(KubeconfigTest, PathsAreRelativeToTheFile) {
  const auto read =
      access(config(plain_cluster,
                    "    client-certificate: u.crt\n    client-key: ../u.key\n    tokenFile: t\n"));
  EXPECT_EQ(read.client_certificate.file, folder_ + "/u.crt");
  EXPECT_EQ(read.client_key.file, folder_ + "/../u.key");
  EXPECT_EQ(read.token.file, folder_ + "/t");
}

// API of kubeconfig, AuthInfo.tokenFile: what was read from it takes precedence over token.
TEST_F(KubeconfigTest, ATokenFileWinsOverAToken) {
  const auto read = access(config(plain_cluster, "    token: t\n    tokenFile: /run/t\n"));
  EXPECT_EQ(read.token.file, "/run/t");
  EXPECT_EQ(read.token.text, "");
}

// RFC 7617 2: user-id "Aladdin", password "open sesame".
TEST_F(KubeconfigTest, APasswordIsSentAsBasic) {
  EXPECT_EQ(
      access(config(plain_cluster, "    username: Aladdin\n    password: open sesame\n")).basic,
      "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(KubeconfigTest, WhatTurnsTheCheckOffDoesSo) {
  EXPECT_FALSE(
      access(config(plain_cluster + "    insecure-skip-tls-verify: true\n", "    token: t\n"))
          .verify_certificate);
  EXPECT_TRUE(access(config(plain_cluster + "    insecure-skip-tls-verify: false\n"
                                            "    disable-compression: true\n",
                            "    token: t\n"))
                  .verify_certificate);
}

TEST_F(KubeconfigTest, NamesWhatIsNotSupported) {
  const auto user = [this](const std::string& text) {
    return refusal(config(plain_cluster, text));
  };
  EXPECT_NE(user("    auth-provider: {name: gcp}\n").find("\"auth-provider\""), std::string::npos);
  EXPECT_NE(user("    as: admin\n    token: t\n").find("impersonation with \"as\""),
            std::string::npos);
  EXPECT_NE(user("    as-groups: [a]\n    token: t\n").find("\"as-groups\""), std::string::npos);
  EXPECT_NE(user("    username: u\n    token: t\n").find("both a token and a username"),
            std::string::npos);
  EXPECT_NE(user("    client-certificate: a\n").find("\"client-key\""), std::string::npos);
  EXPECT_NE(refusal(config(plain_cluster + "    proxy-url: http://p:3128\n", "    token: t\n"))
                .find("\"proxy-url\""),
            std::string::npos);
  EXPECT_NE(
      refusal(config(plain_cluster + "    novelty: 1\n", "    token: t\n")).find("\"novelty\""),
      std::string::npos);
}

TEST_F(KubeconfigTest, SaysWhatIsWrong) {
  EXPECT_NE(refusal("a: [").find("line"), std::string::npos);
  EXPECT_NE(refusal("").find("no kubeconfig"), std::string::npos);
  EXPECT_NE(refusal("{}").find("current-context"), std::string::npos);
  EXPECT_NE(refusal(config("    server: http://10.0.0.1\n", "    token: t\n")).find("https://HOST"),
            std::string::npos);
  EXPECT_NE(error_of(kubeconfig_access({folder_ + "/none"}, "")).find("No such file"),
            std::string::npos);
}

TEST_F(KubeconfigTest, ReadsAPlugin) {
  const auto read =
      access(with_plugin("      command: aws\n      args: [eks, get-token, --flag, true]\n"
                         "      env:\n      - {name: AWS_PROFILE, value: dev}\n"
                         "      interactiveMode: IfAvailable\n      provideClusterInfo: false\n"
                         "      installHint: get it\n"));
  ASSERT_TRUE(read.plugin.has_value());
  EXPECT_EQ(read.plugin->command, "aws");
  EXPECT_EQ(read.plugin->arguments,
            (std::vector<std::string>{"eks", "get-token", "--flag", "true"}));
  ASSERT_EQ(read.plugin->environment.size(), 1U);
  EXPECT_EQ(read.plugin->environment[0].first, "AWS_PROFILE");
  EXPECT_EQ(read.plugin->cluster_json, "");
}

TEST_F(KubeconfigTest, APluginWithASlashIsRelativeToTheFile) {
  EXPECT_EQ(access(with_plugin("      command: ./bin/plugin\n")).plugin->command,
            folder_ + "/./bin/plugin");
  EXPECT_EQ(access(with_plugin("      command: /bin/plugin\n")).plugin->command, "/bin/plugin");
}

// ExecCredential's spec.cluster: the CA is always told as its bytes, and what the cluster's
// extension "client.authentication.k8s.io/exec" holds is its "config".
TEST_F(KubeconfigTest, TellsThePluginTheClusterWhereItWantsToKnow) {
  write("ca.crt", "hello");
  const auto read = access(
      config("    server: https://10.0.0.1:6443\n    certificate-authority: ca.crt\n"
             "    tls-server-name: api\n    extensions:\n"
             "    - name: client.authentication.k8s.io/exec\n      extension: {audience: me}\n",
             "    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n"
             "      command: p\n      provideClusterInfo: true\n"));
  const auto told = nlohmann::json::parse(exec_info(*read.plugin));
  EXPECT_EQ(told, nlohmann::json::parse(R"({
    "apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential",
    "spec": {"interactive": false, "cluster": {
      "server": "https://10.0.0.1:6443", "tls-server-name": "api",
      "certificate-authority-data": "aGVsbG8=", "config": {"audience": "me"}}}})"));
}

TEST_F(KubeconfigTest, SaysWhichPluginCannotBeUsed) {
  EXPECT_NE(refusal(with_plugin("      args: [a]\n")).find("names no command"), std::string::npos);
  EXPECT_NE(refusal(with_plugin("      command: p\n      interactiveMode: Always\n"))
                .find("interactiveMode Always"),
            std::string::npos);
  EXPECT_NE(refusal(config(plain_cluster,
                           "    exec:\n      command: p\n"
                           "      apiVersion: client.authentication.k8s.io/v1alpha1\n"))
                .find("v1alpha1\" is not supported"),
            std::string::npos);
}

// client-go: a credential that is there already is used, and no plugin is asked.
TEST_F(KubeconfigTest, ATokenWinsOverAPlugin) {
  const auto read = access(config(
      plain_cluster,
      "    token: t\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: p}\n"));
  EXPECT_EQ(read.token.text, "t");
  EXPECT_FALSE(read.plugin.has_value());
}

TEST_F(KubeconfigTest, APluginThatIsNotInstalledIsFoundAtTheStart) {
  auto error = check_access(
      access(with_plugin("      command: no-such-plugin\n      installHint: |\n        Get it.\n"
                         "        Here.\n")));
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find("no-such-plugin: no such command in PATH; Get it. Here."),
            std::string::npos)
      << error->message;
  error = check_access(access(with_plugin("      command: ./none\n")));
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find(folder_ + "/./none: No such file"), std::string::npos);
}

// organize-cluster-access-kubeconfig, "Merging kubeconfig files": the first file to set a value
// wins, entries are joined by name, files that are not there are left out.
TEST_F(KubeconfigTest, MergesSeveralFilesAsKubectlDoes) {
  std::filesystem::create_directory(folder_ + "/b");
  const std::string first = write("a",
                                  "contexts: [{name: x, context: {cluster: k, user: u}}]\n"
                                  "users: [{name: u, user: {token: first}}]\n");
  const std::string second = write("b/config",
                                   "current-context: x\nusers: [{name: u, user: {token: second}}]\n"
                                   "clusters: [{name: k, cluster: {server: https://k, "
                                   "certificate-authority: ca.crt}}]\n");
  const auto read = access_of(kubeconfig_access({folder_ + "/none", first, second}, ""));
  EXPECT_EQ(read.host, "k");
  EXPECT_EQ(read.token.text, "first");
  EXPECT_EQ(read.ca.file, folder_ + "/b/ca.crt") << "relative to the file that names it";
  EXPECT_NE(error_of(kubeconfig_access({folder_ + "/n", folder_ + "/m"}, "")).find("none of"),
            std::string::npos);
}

}  // namespace
}  // namespace waiter::net

#include "fakeapi/client/access.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/client/test_folder.hpp"

namespace fakeapi::client {
namespace {

using ::testing::HasSubstr;

class KubeconfigTest : public test::Folder {
 protected:
  static std::string config(const std::string& cluster, const std::string& user) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: one\n"
           "contexts:\n- name: one\n  context: {cluster: c, user: u, namespace: shop}\n"
           "- name: two\n  context: {cluster: c}\n"
           "clusters:\n- name: c\n  cluster: {" +
           cluster + "}\nusers:\n- name: u\n  user: {" + user + "}\n";
  }
  Access access(const std::string& cluster, const std::string& user,
                const std::string& context = "") {
    auto made = kubeconfig_access({write("config", config(cluster, user))}, context);
    if (const auto* problem = std::get_if<Problem>(&made))
      throw std::runtime_error(problem->message);
    return std::get<Access>(made);
  }
  std::string problem(const std::string& cluster, const std::string& user,
                      const std::string& context = "") {
    auto made = kubeconfig_access({write("config", config(cluster, user))}, context);
    const auto* found = std::get_if<Problem>(&made);
    return found == nullptr ? "" : found->message;
  }
};

constexpr const char* server = "server: 'https://api.example:6443/k8s'";

TEST_F(KubeconfigTest, TheCurrentContextUnlessAnotherIsNamed) {
  const Access one = access(server, "token: t");
  EXPECT_EQ(one.host, "api.example");
  EXPECT_EQ(one.port, 6443);
  EXPECT_EQ(one.path_prefix, "/k8s");
  EXPECT_EQ(one.namespace_name, "shop");
  EXPECT_EQ(one.token.text, "t");
  EXPECT_EQ(one.origin, "context one of kubeconfig " + path_ + "/config");
  const Access two = access(server, "token: t", "two");
  EXPECT_EQ(two.namespace_name, "default");
  EXPECT_FALSE(two.token.present());
}

TEST_F(KubeconfigTest, AnUnknownContextIsToldWithThoseThereAre) {
  EXPECT_THAT(problem(server, "", "three"),
              HasSubstr("no context \"three\"; its contexts are: one, two"));
}

// kubectl reads paths from the folder of the file that names them.
TEST_F(KubeconfigTest, PathsStartAtTheFolderOfTheFile) {
  const Access made = access(std::string(server) + ", certificate-authority: ca.crt",
                             "tokenFile: token, client-certificate: c.crt, client-key: /k.pem");
  EXPECT_EQ(made.ca.file, path_ + "/ca.crt");
  EXPECT_EQ(made.token.file, path_ + "/token");
  EXPECT_EQ(made.certificate.file, path_ + "/c.crt");
  EXPECT_EQ(made.key.file, "/k.pem");
}

TEST_F(KubeconfigTest, DataIsBase64) {
  const Access made = access(std::string(server) + ", certificate-authority-data: aGk=",
                             "client-certificate-data: aGk=, client-key-data: aGk=");
  EXPECT_EQ(made.ca.text, "hi");
  EXPECT_EQ(made.certificate.text, "hi");
  EXPECT_THAT(problem(std::string(server) + ", certificate-authority-data: '?'", ""),
              HasSubstr("certificate-authority-data\" is no base64"));
}

TEST_F(KubeconfigTest, TlsIsVerifiedUnlessItSaysOtherwise) {
  EXPECT_TRUE(access(server, "").verify);
  const Access made =
      access(std::string(server) + ", insecure-skip-tls-verify: true, tls-server-name: kube", "");
  EXPECT_FALSE(made.verify);
  EXPECT_EQ(made.server_name, "kube");
}

TEST_F(KubeconfigTest, APasswordIsBasicAuthentication) {
  EXPECT_EQ(access(server, "username: jane, password: pw").basic, "jane:pw");
  EXPECT_THAT(problem(server, "username: jane, token: t"), HasSubstr("keep one"));
}

TEST_F(KubeconfigTest, ReadsAPlugin) {
  const std::string exec =
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./get, args: [a, b], "
      "env: [{name: N, value: v}], installHint: buy it, provideClusterInfo: true}";
  const Access made = access(server, exec);
  ASSERT_TRUE(made.plugin.has_value());
  EXPECT_EQ(made.plugin->command, path_ + "/./get");
  EXPECT_EQ(made.plugin->arguments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(made.plugin->environment.at(0).second, "v");
  EXPECT_THAT(made.plugin->cluster_json, HasSubstr("https://api.example:6443/k8s"));
  EXPECT_FALSE(access(server, "token: t, " + exec).plugin.has_value());
}

// What is not understood would otherwise mean another user, or none.
TEST_F(KubeconfigTest, WhatIsNotSupportedIsAProblem) {
  EXPECT_THAT(problem("server: 'http://a'", ""), HasSubstr("not of the form https://"));
  EXPECT_THAT(problem(std::string(server) + ", proxy-url: 'http://p'", ""), HasSubstr("proxy-url"));
  EXPECT_THAT(problem(server, "as: root"), HasSubstr("\"as\" of the user is not supported"));
  EXPECT_THAT(problem(server, "auth-provider: {name: gcp}"), HasSubstr("auth-provider"));
  EXPECT_THAT(problem(server, "client-key: k"), HasSubstr("only one of"));
  EXPECT_THAT(problem(server, "token: 12345"), HasSubstr("put it in quotes"));
  EXPECT_THAT(problem(server, "exec: {apiVersion: client.authentication.k8s.io/v9, command: x}"),
              HasSubstr("v9"));
}

TEST_F(KubeconfigTest, FilesThatCannotBeRead) {
  const auto message = [](const Or<Access>& made) { return std::get<Problem>(made).message; };
  EXPECT_THAT(message(kubeconfig_access({path_ + "/none"}, "")), HasSubstr("No such file"));
  EXPECT_THAT(message(kubeconfig_access({write("a", "a: [")}, "")), HasSubstr("not YAML"));
  EXPECT_THAT(message(kubeconfig_access({write("b", "text")}, "")), HasSubstr("no kubeconfig"));
  EXPECT_THAT(message(kubeconfig_access({write("c", "contexts: 5")}, "one")), HasSubstr("one"));
}

// kubectl merges what KUBECONFIG names, and leaves out what is not there.
TEST_F(KubeconfigTest, SeveralFilesAreMerged) {
  const std::string users = write("users", "users: [{name: u, user: {token: first}}]\n");
  const std::string rest = write("rest", config(server, "token: second"));
  auto made = kubeconfig_access({path_ + "/none", users, rest}, "");
  EXPECT_EQ(std::get<Access>(made).token.text, "first");
}

class FindAccessTest : public test::Folder {
 protected:
  Or<Access> find(const std::string& kubeconfig = "") {
    return find_access(kubeconfig, "", [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    });
  }
  std::map<std::string, std::string> environment_;
};

TEST_F(FindAccessTest, AFlagThenTheVariableThenHomeThenThePod) {
  const auto message = [this](const std::string& flag = "") {
    return std::get<Problem>(find(flag)).message;
  };
  EXPECT_THAT(message(), HasSubstr("no cluster is given"));
  std::filesystem::create_directory(path_ + "/.kube");
  write(".kube/config", "home: [");
  environment_["HOME"] = path_;
  EXPECT_THAT(message(), HasSubstr("/.kube/config"));
  environment_["KUBECONFIG"] = "/named/by/variable";
  EXPECT_THAT(message(), HasSubstr("/named/by/variable"));
  EXPECT_THAT(message("/named/by/flag"), HasSubstr("/named/by/flag"));
}

TEST_F(FindAccessTest, APodHasItsOwn) {
  write("namespace", "shop\n");
  environment_ = {{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  const auto made =
      pod_access([this](const char* name) { return environment_[name].c_str(); }, path_);
  const Access& access = std::get<Access>(made);
  EXPECT_EQ(access.authority(), "[fd00::1]:443");
  EXPECT_EQ(access.token.file, path_ + "/token");
  EXPECT_EQ(access.namespace_name, "shop");
}

TEST(Url, IsHttpsWithAHostAndMayHaveMore) {
  Access access;
  EXPECT_TRUE(take_url("https://[::1]:8443", access));
  EXPECT_EQ(access.host, "::1");
  EXPECT_EQ(access.port, 8443);
  EXPECT_TRUE(take_url("https://10.0.0.1", access));
  EXPECT_EQ(access.port, 443);
  EXPECT_TRUE(take_url("https://a/b/", access));
  EXPECT_EQ(access.path_prefix, "/b");
  for (const char* bad : {"", "http://a", "https://", "https://a:0", "https://a:x", "https://u@a",
                          "https://a b", "https://a\r\nX: y", "https://[::1", "https://[::1]8",
                          "https://a/\r\nX: y", "https://a?b"}) {
    EXPECT_FALSE(take_url(bad, access)) << bad;
  }
}

}  // namespace
}  // namespace fakeapi::client

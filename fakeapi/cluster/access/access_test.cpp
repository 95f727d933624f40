// Who is let in and what they may do: RBAC by its objects, tokens of service accounts,
// impersonation.
#include "fakeapi/cluster/access/access.hpp"

#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;
using Rights = User::Rights;

const std::string roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
const std::string bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() : client(options()) {}

  static Options options() {
    Options made;
    made.users = {{"admin-token", "admin", {}, Rights::everything},
                  {"reader-token", "reader", {}, Rights::read_endpoints},
                  {"nobody-token", "nobody", {}, Rights::nothing},
                  {"", "empty", {}, Rights::everything}};
    return made;
  }

  Answer ask(const Headers& headers, const std::string& method, const std::string& path,
             const json& body = {}) {
    Request request{method, path, headers, body.is_null() ? std::string() : body.dump()};
    const Response response = client.cluster.handle(client.now, request);
    Answer answer{response.status, {}, response.headers, response.delay};
    if (response.body) answer.body = json::parse(*response.body, nullptr, false);
    return answer;
  }
  int status(const std::string& token, const std::string& method, const std::string& path,
             const json& body = {}) {
    Headers headers;
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return ask(headers, method, path, body).status;
  }

  // nobody gets `rules` in the namespace default.
  void grant(const json& rules) {
    client.remove(roles + "/r");
    client.remove(bindings + "/r");
    client.post(roles, {{"metadata", {{"name", "r"}}}, {"rules", rules}});
    client.post(
        bindings,
        {{"metadata", {{"name", "r"}}},
         {"roleRef", {{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Role"}, {"name", "r"}}},
         {"subjects", json::array({{{"kind", "User"}, {"name", "nobody"}}})}});
  }

  Client client;
};

using Texts = std::vector<const char*>;

json rule(const Texts& verbs, const Texts& resources, const Texts& names = {}) {
  json out = {{"verbs", verbs}, {"apiGroups", json::array({""})}, {"resources", resources}};
  if (!names.empty()) out["resourceNames"] = names;
  return out;
}

// What deploy's Role grants: reading what a waiter reads, nothing else.
TEST_F(AccessTest, ReadersOfEndpointsReadAndDoNotWrite) {
  EXPECT_EQ(status("reader-token", "GET", endpoints_path), 200);
  EXPECT_EQ(status("reader-token", "GET", "/apis/discovery.k8s.io/v1/endpointslices"), 200);
  EXPECT_EQ(status("reader-token", "POST", endpoints_path, endpoints_object("x")), 403);
  EXPECT_EQ(status("reader-token", "GET", "/api/v1/nodes"), 403);
  EXPECT_EQ(status("reader-token", "GET", pods_path + "/p/status"), 403);
}

// system:discovery for everybody with a token, system:public-info-viewer for everybody.
TEST_F(AccessTest, DiscoveryNeedsATokenAndHealthDoesNot) {
  EXPECT_EQ(status("nobody-token", "GET", "/apis"), 200);
  EXPECT_EQ(status("", "GET", "/readyz"), 200);
  EXPECT_EQ(status("", "GET", "/apis"), 403);
  EXPECT_EQ(status("nobody-token", "GET", "/nope"), 403);
}

// requestinfo.go: a field selector of one name makes the request one about that name.
TEST_F(AccessTest, AListOfOneNameIsAboutThatName) {
  grant(json::array({rule({"list", "watch"}, {"endpoints"}, {"a"})}));
  EXPECT_EQ(status("nobody-token", "GET", endpoints_path + "?fieldSelector=metadata.name%3Da"),
            200);
  EXPECT_EQ(status("nobody-token", "GET", endpoints_path + "?fieldSelector=metadata.name%3Db"),
            403);
  EXPECT_EQ(status("nobody-token", "GET", endpoints_path), 403);
}

// RBAC: a subresource is a resource of its own.
TEST_F(AccessTest, ARoleOnPodsSaysNothingOfTheirStatus) {
  client.post(pods_path, pod_object("p", "a"));
  grant(json::array({rule({"get"}, {"pods"})}));
  EXPECT_EQ(status("nobody-token", "GET", pods_path + "/p"), 200);
  EXPECT_EQ(status("nobody-token", "GET", pods_path + "/p/status"), 403);
  grant(json::array({rule({"get"}, {"*/status"})}));
  EXPECT_EQ(status("nobody-token", "GET", pods_path + "/p/status"), 200);
  EXPECT_EQ(status("nobody-token", "GET", pods_path + "/p"), 403);
}

TEST_F(AccessTest, ARightGoesWithItsBinding) {
  grant(json::array({rule({"*"}, {"*"})}));
  EXPECT_EQ(status("nobody-token", "GET", pods_path), 200);
  client.remove(bindings + "/r");
  EXPECT_EQ(status("nobody-token", "GET", pods_path), 403);
}

// rbac.go: a role that does not exist is told behind the denial.
TEST_F(AccessTest, AMissingRoleIsNamed) {
  grant(json::array({rule({"get"}, {"pods"})}));
  client.remove(roles + "/r");
  const Answer answer = ask({{"Authorization", "Bearer nobody-token"}}, "GET", pods_path);
  EXPECT_EQ(answer.body["message"],
            "pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in "
            "the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"r\" not found");
}

// authentication/request/bearertoken: another scheme is no authentication, and neither is nothing.
TEST_F(AccessTest, WithoutABearerTokenOneIsAnonymous) {
  EXPECT_EQ(ask({{"Authorization", "Basic YTpi"}}, "GET", pods_path).status, 403);
  EXPECT_EQ(ask({{"Authorization", "Bearer "}}, "GET", pods_path).status, 403);
  EXPECT_EQ(ask({{"Authorization", "Bearer nope"}}, "GET", pods_path).status, 401);
  EXPECT_EQ(ask({{"Authorization", "bearer admin-token"}}, "GET", pods_path).status, 200);
}

TEST_F(AccessTest, ATokenOfAServiceAccountExpires) {
  const std::string accounts = "/api/v1/namespaces/default/serviceaccounts";
  client.post(accounts, {{"metadata", {{"name", "shop"}}}});
  const Answer made =
      client.post(accounts + "/shop/token", {{"spec", {{"expirationSeconds", 600}}}});
  ASSERT_EQ(made.status, 201);
  const std::string token = made.body["status"]["token"];
  const json review = {{"spec", {{"resourceAttributes", {{"verb", "get"}}}}}};
  const std::string reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  EXPECT_EQ(status(token, "POST", reviews, review), 201);
  client.pass(std::chrono::seconds(599));
  EXPECT_EQ(status(token, "POST", reviews, review), 201);
  client.pass(std::chrono::seconds(1));
  EXPECT_EQ(status(token, "POST", reviews, review), 401);
}

TEST_F(AccessTest, ATokenDiesWithItsServiceAccount) {
  const std::string accounts = "/api/v1/namespaces/default/serviceaccounts";
  client.post(accounts, {{"metadata", {{"name", "shop"}}}});
  const std::string token =
      client.post(accounts + "/shop/token", json::object()).body["status"]["token"];
  EXPECT_EQ(status(token, "GET", "/apis"), 200);
  client.remove(accounts + "/shop");
  client.post(accounts, {{"metadata", {{"name", "shop"}}}});
  EXPECT_EQ(status(token, "GET", "/apis"), 401);
}

// registry/core/serviceaccount: 10 minutes at least.
TEST_F(AccessTest, ATokenOfAMinuteIsRefused) {
  const Answer answer = client.post("/api/v1/namespaces/default/serviceaccounts/default/token",
                                    {{"spec", {{"expirationSeconds", 60}}}});
  EXPECT_EQ(answer.status, 422);
}

TEST_F(AccessTest, ImpersonationIsARight) {
  const Headers as = {{"Authorization", "Bearer admin-token"}, {"Impersonate-User", "reader"}};
  EXPECT_EQ(ask(as, "GET", endpoints_path).status, 200);
  EXPECT_EQ(ask(as, "GET", "/api/v1/nodes").status, 403);
  const Headers refused = {{"Authorization", "Bearer nobody-token"}, {"Impersonate-User", "admin"}};
  EXPECT_EQ(ask(refused, "GET", "/apis").body["message"],
            "users \"admin\" is forbidden: User \"nobody\" cannot impersonate resource \"users\" "
            "in API group \"\" at the cluster scope");
}

}  // namespace
}  // namespace fakeapi::cluster::testing

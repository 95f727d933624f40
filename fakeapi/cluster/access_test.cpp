// Rights: what each of the three levels may do.
#include "fakeapi/cluster/access.hpp"

#include <gtest/gtest.h>

namespace fakeapi::cluster {
namespace {

bool may(User::Rights rights, const char* method, const char* target, const char* name = "user") {
  const Uri uri = parse_uri(target);
  return !authorize({name, {}, rights}, attributes_of(method, uri));
}

using Rights = User::Rights;

// What deploy's Role grants: reading what a waiter reads, nothing else.
TEST(Access, ReadersOfEndpointsReadAndDoNotWrite) {
  EXPECT_TRUE(may(Rights::read_endpoints, "GET", "/api/v1/namespaces/x/endpoints"));
  EXPECT_TRUE(may(Rights::read_endpoints, "GET", "/api/v1/endpoints?watch=true"));
  EXPECT_TRUE(may(Rights::read_endpoints, "GET", "/apis/discovery.k8s.io/v1/endpointslices"));
  EXPECT_FALSE(may(Rights::read_endpoints, "POST", "/api/v1/namespaces/x/endpoints"));
  EXPECT_FALSE(may(Rights::read_endpoints, "GET", "/api/v1/nodes"));
  EXPECT_FALSE(may(Rights::read_endpoints, "GET", "/api/v1/namespaces/x/pods/p/status"));
}

// system:discovery for everybody with a token, system:public-info-viewer for everybody.
TEST(Access, DiscoveryNeedsATokenAndHealthDoesNot) {
  EXPECT_TRUE(may(Rights::nothing, "GET", "/apis"));
  EXPECT_TRUE(may(Rights::nothing, "GET", "/readyz", "system:anonymous"));
  EXPECT_FALSE(may(Rights::nothing, "GET", "/apis", "system:anonymous"));
  EXPECT_FALSE(may(Rights::nothing, "GET", "/nope"));
}

// requestinfo.go: a field selector of one name makes the request one about that name.
TEST(Access, AListOfOneNameIsAboutThatName) {
  const Uri uri = parse_uri("/api/v1/namespaces/x/endpoints?fieldSelector=metadata.name%3Da");
  EXPECT_EQ(attributes_of("GET", uri).name, "a");
}

TEST(Access, ASchemeOtherThanBearerIsUnauthorized) {
  EXPECT_FALSE(Access({}).authenticate({{"Authorization", "Basic YTpi"}}));
}

TEST(Access, AnEmptyTokenIsNobodysToken) {
  EXPECT_FALSE(
      Access({{"", "x", {}, Rights::everything}}).authenticate({{"authorization", "Bearer "}}));
}

}  // namespace
}  // namespace fakeapi::cluster

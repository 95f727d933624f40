#include "waiter/k8s/request.hpp"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace waiter::k8s {
namespace {

core::Selection slices_of(std::vector<std::string> services) {
  return {core::Resource::endpoint_slices, "db", std::move(services), false};
}

TEST(Request, ListsBySelectorAndAsOfNow) {
  const std::string target = list_target(slices_of({"mysql"}), "");
  EXPECT_EQ(target,
            "/apis/discovery.k8s.io/v1/namespaces/db/"
            "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dmysql&limit=100");
  EXPECT_EQ(target.find("resourceVersion"), std::string::npos)
      << "unset is the only consistent list";
}

TEST(Request, OneSelectorNamesSeveralServices) {
  EXPECT_NE(list_target(slices_of({"mysql", "redis"}), "")
                .find("kubernetes.io%2Fservice-name%20in%20%28mysql%2Credis%29"),
            std::string::npos);
}

TEST(Request, AWatchNamesItsVersionAndItsLifetime) {
  const std::string target = watch_target(slices_of({"mysql"}), "77", std::chrono::seconds(42));
  for (const char* part :
       {"&watch=true", "&allowWatchBookmarks=true", "&resourceVersion=77", "&timeoutSeconds=42"}) {
    EXPECT_NE(target.find(part), std::string::npos) << part;
  }
}

// KEP-3157: a watch that begins with what there is has no version, and asks for one as of now.
TEST(Request, AWatchFromNoVersionBeginsWithWhatThereIs) {
  const std::string target = watch_target(slices_of({"mysql"}), "", std::chrono::seconds(42));
  for (const char* part : {"&sendInitialEvents=true", "&resourceVersionMatch=NotOlderThan",
                           "&allowWatchBookmarks=true"}) {
    EXPECT_NE(target.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(target.find("resourceVersion="), std::string::npos);
}

TEST(Request, ALaterPageCarriesTheTokenOfTheOneBefore) {
  EXPECT_NE(list_target(slices_of({"mysql"}), "a=b").find("&continue=a%3Db"), std::string::npos);
}

// RBAC restricts list and watch by resourceNames where the field selector names the one object.
TEST(Request, EndpointsOfOneServiceAreSelectedByName) {
  const core::Selection selection{core::Resource::endpoints, "db", {"mysql"}, true};
  EXPECT_EQ(list_target(selection, ""),
            "/api/v1/namespaces/db/endpoints?fieldSelector=metadata.name%3Dmysql&limit=100");
  EXPECT_EQ(get_target(selection), "/api/v1/namespaces/db/endpoints/mysql");
}

TEST(Request, EndpointsOfANamespaceAreNotSelected) {
  const core::Selection selection{core::Resource::endpoints, "db", {"mysql", "redis"}, false};
  EXPECT_EQ(list_target(selection, ""), "/api/v1/namespaces/db/endpoints?limit=100");
}

// A request line over 8 KiB is refused by many proxies.
TEST(Request, StaysShortForAnyNumberOfServices) {
  EXPECT_LT(
      list_target(slices_of(std::vector<std::string>(1000, "a-service-of-some-length")), "").size(),
      8000U);
}

TEST(Request, EscapesWhatIsNotUnreserved) {
  EXPECT_EQ(percent_encode("a/b c&d=é~"), "a%2Fb%20c%26d%3D%C3%A9~");
}

}  // namespace
}  // namespace waiter::k8s

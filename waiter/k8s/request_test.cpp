#include "waiter/k8s/request.hpp"

#include <gtest/gtest.h>

namespace waiter::k8s {
namespace {

TEST(Request, ListsBySelectorAndAsOfNow) {
  const std::string target = list_target("db", {"mysql"});
  EXPECT_EQ(target,
            "/apis/discovery.k8s.io/v1/namespaces/db/"
            "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dmysql");
  EXPECT_EQ(target.find("resourceVersion"), std::string::npos)
      << "unset is the only consistent list";
}

TEST(Request, OneSelectorNamesSeveralServices) {
  EXPECT_NE(list_target("db", {"mysql", "redis"})
                .find("kubernetes.io%2Fservice-name%20in%20%28mysql%2Credis%29"),
            std::string::npos);
}

TEST(Request, AWatchNamesItsVersionAndItsLifetime) {
  const std::string target = watch_target("db", {"mysql"}, "77", std::chrono::seconds(42));
  for (const char* part :
       {"&watch=true", "&allowWatchBookmarks=true", "&resourceVersion=77", "&timeoutSeconds=42"}) {
    EXPECT_NE(target.find(part), std::string::npos) << part;
  }
}

// A request line over 8 KiB is refused by many proxies.
TEST(Request, StaysShortForAnyNumberOfServices) {
  EXPECT_LT(list_target("db", std::vector<std::string>(1000, "a-service-of-some-length")).size(),
            8000U);
}

TEST(Request, EscapesWhatIsNotUnreserved) {
  EXPECT_EQ(percent_encode("a/b c&d=é~"), "a%2Fb%20c%26d%3D%C3%A9~");
}

}  // namespace
}  // namespace waiter::k8s

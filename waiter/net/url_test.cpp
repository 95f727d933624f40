#include "waiter/net/url.hpp"

#include <gtest/gtest.h>

namespace waiter::net {
namespace {

TEST(ServerUrl, ReadsWhatKubeconfigsWrite) {
  const auto kind = parse_https_url("https://127.0.0.1:43123");
  ASSERT_TRUE(kind.has_value());
  EXPECT_EQ(kind->host, "127.0.0.1");
  EXPECT_EQ(kind->port, 43123);
  const auto gateway = parse_https_url("https://rancher.example.com/k8s/clusters/c-1/");
  ASSERT_TRUE(gateway.has_value());
  EXPECT_EQ(gateway->port, 443);
  EXPECT_EQ(gateway->path_prefix, "/k8s/clusters/c-1");
  const auto v6 = parse_https_url("https://[fd00::1]:6443");
  ASSERT_TRUE(v6.has_value());
  EXPECT_EQ(v6->host, "fd00::1");
  EXPECT_EQ(v6->port, 6443);
}

TEST(ServerUrl, RefusesEverythingElse) {
  for (const char* url :
       {"", "http://a", "https://", "https://a:0", "https://a:70000", "https://a:", "https://[::1",
        "https://[::1]6443", "https://user@host", "a:443", "https://a b"}) {
    EXPECT_FALSE(parse_https_url(url).has_value()) << url;
  }
}

}  // namespace
}  // namespace waiter::net

#include "fakeapi/cli/listen_address.hpp"

#include <gtest/gtest.h>

namespace fakeapi::cli {
namespace {

TEST(ListenAddress, TakesLoopbackAddressesWithAPort) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:6443")->port, 6443);
  EXPECT_EQ(parse_listen_address("127.9.9.9:0")->host, "127.9.9.9");
  EXPECT_EQ(parse_listen_address("[::1]:1")->host, "::1");
  EXPECT_EQ(parse_listen_address("localhost:1")->host, "127.0.0.1");
}

// A fake whose tokens lie in a file must not be reachable from other machines by mistake.
TEST(ListenAddress, TellsLoopbackFromEverythingElse) {
  for (const char* text : {"127.0.0.1:80", "127.9.9.9:0", "[::1]:80", "localhost:80"})
    EXPECT_TRUE(parse_listen_address(text)->is_loopback) << text;
  for (const char* text : {"0.0.0.0:80", "[::]:80", "10.0.0.1:80", "128.0.0.1:80", "[fe80::1]:80"})
    EXPECT_FALSE(parse_listen_address(text)->is_loopback) << text;
}

TEST(ListenAddress, RefusesEverythingElse) {
  for (const char* text : {"", "127.0.0.1", "127.0.0.1:", ":80", "example.com:80", "10.0.0:80",
                           "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:8x"}) {
    EXPECT_FALSE(parse_listen_address(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace fakeapi::cli

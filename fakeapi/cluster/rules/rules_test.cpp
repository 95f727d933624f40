// Rules: the forms of names and addresses at their edges.
#include "fakeapi/cluster/rules/rules.hpp"

#include <cstdint>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fakeapi/cluster/rules/addresses.hpp"
#include "fakeapi/cluster/rules/names.hpp"

namespace fakeapi::cluster {
namespace {

// RFC 4291 2.2 for the forms of IPv6, Go's net.ParseIP for what is refused: leading zeros, empty
// groups.
TEST(Addresses, FormsOfIpv6) {
  for (const char* good :
       {"::", "::1", "fd00::1", "1:2:3:4:5:6:7:8", "1::8", "::ffff:10.0.0.1", "1:2:3:4:5:6:7::"}) {
    EXPECT_TRUE(addresses::is_ipv6(good)) << good;
  }
  for (const char* bad : {"", ":", "1:2:3", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9",
                          "g::", "::1:", "1:2:3:4:5:6:7:8::"}) {
    EXPECT_FALSE(addresses::is_ipv6(bad)) << bad;
  }
}

TEST(Addresses, FormsOfIpv4) {
  for (const char* good : {"0.0.0.0", "10.1.2.3", "255.255.255.255"})
    EXPECT_TRUE(addresses::is_ipv4(good)) << good;
  for (const char* bad :
       {"", "10.1.2", "10.1.2.3.4", "10.1.2.256", "010.1.2.3", "10.1.2.", "10.1.2.3 ", "a.b.c.d"}) {
    EXPECT_FALSE(addresses::is_ipv4(bad)) << bad;
  }
}

TEST(Addresses, EveryQuadIsAnAddress) {
  EXPECT_TRUE(rc::check("four bytes with dots are an IPv4 address",
                        [](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
                          const std::string text = std::to_string(a) + "." + std::to_string(b) +
                                                   "." + std::to_string(c) + "." +
                                                   std::to_string(d);
                          RC_ASSERT(addresses::is_ipv4(text));
                          RC_ASSERT(!addresses::is_ipv6(text));
                          RC_ASSERT(addresses::is_ipv6("::ffff:" + text));
                        }));
}

// core/validation ValidateNonSpecialIP.
TEST(Addresses, SpecialOnesAreNoBackends) {
  for (const char* ip :
       {"0.0.0.0", "::", "127.0.0.1", "::1", "169.254.1.1", "fe80::1", "224.0.0.1", "ff02::1"}) {
    EXPECT_EQ(addresses::special_errors(ip, false).size(), 1U) << ip;
  }
  EXPECT_TRUE(addresses::special_errors("10.0.0.1", false).empty());
  EXPECT_TRUE(addresses::special_errors("127.0.0.1", true).empty());
}

// RFC 1123 2.1, RFC 1035 2.3.1.
TEST(Names, LabelsAndSubdomains) {
  EXPECT_TRUE(names::dns_subdomain("a.b-c.0", false).empty());
  EXPECT_FALSE(names::dns_subdomain("a..b", false).empty());
  EXPECT_FALSE(names::dns_label("a.b", false).empty());
  EXPECT_FALSE(names::dns_label(std::string(64, 'a'), false).empty());
  EXPECT_FALSE(names::dns_1035_label("0a", false).empty());
  EXPECT_TRUE(names::dns_label("0a", false).empty());
}

// A generateName ends where the suffix comes.
TEST(Names, APrefixMayEndInADash) {
  EXPECT_TRUE(names::dns_subdomain("gen-", true).empty());
  EXPECT_FALSE(names::dns_subdomain("gen-", false).empty());
}

TEST(Allotment, NeverHandsOutWhatIsTaken) {
  Allotment allotment;
  allotment.take_ip("10.0.128.1");
  std::set<std::string> seen = {"10.0.128.1"};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(allotment.cluster_ip()).second);
}

}  // namespace
}  // namespace fakeapi::cluster

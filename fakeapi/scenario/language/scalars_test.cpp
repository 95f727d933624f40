// Durations follow the cases of Go's own test of time.ParseDuration; names follow the RFCs.
#include "fakeapi/scenario/language/scalars.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsWhatGoReads) {
  EXPECT_EQ(parse_duration("0"), 0ns);
  EXPECT_EQ(parse_duration("0s"), 0ns);
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("300ms"), 300ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("5.s"), 5s);
  EXPECT_EQ(parse_duration(".5s"), 500ms);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("10.5s4m"), 4min + 10500ms);
  EXPECT_EQ(parse_duration("-2m3.4s"), -(2min + 3400ms));
  EXPECT_EQ(parse_duration("12\xC2\xB5s"), 12us);  // micro sign
  EXPECT_EQ(parse_duration("12\xCE\xBCs"), 12us);  // Greek mu
  EXPECT_EQ(parse_duration("52763797000ns"), 52763797000ns);
  EXPECT_EQ(parse_duration("0.3333333333333333333h"), 20min);
}

TEST(ParseDuration, RefusesWhatGoRefuses) {
  for (const char* text : {"", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "1s ", " 1s", "1e3s",
                           "--1s", "3000000h", "9223372036854775808ns"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, TakesPlainDecimalsOnly) {
  EXPECT_EQ(parse_number("0"), 0);
  EXPECT_EQ(parse_number("3306"), 3306);
  for (const char* text :
       {"", "-1", "+1", "1.0", "0x10", "010", "1e3", "1 ", "9999999999999999999"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

// RFC 1035, 2.3.1: a label begins with a letter; RFC 1123, 2.1 lets it begin with a digit.
TEST(DnsLabel, MayBeginWithADigitOnlyInRfc1123) {
  EXPECT_TRUE(is_dns_1035_label("mysql-0"));
  EXPECT_FALSE(is_dns_1035_label("0-mysql"));
  EXPECT_TRUE(is_dns_1123_label("0-mysql"));
}

TEST(DnsLabel, HasAtMost63LowerCaseLettersDigitsAndInnerHyphens) {
  EXPECT_TRUE(is_dns_1123_label(std::string(63, 'a')));
  EXPECT_FALSE(is_dns_1123_label(std::string(64, 'a')));
  for (const char* text : {"", "-a", "a-", "A", "a_b", "a.b"}) {
    EXPECT_FALSE(is_dns_1123_label(text)) << text;
  }
}

// RFC 6335, 5.1.
TEST(PortName, IsAnIanaServiceName) {
  EXPECT_TRUE(is_port_name("http-2"));
  EXPECT_TRUE(is_port_name("3com-tsmux"));
  for (const char* text : {"", "80", "a--b", "-a", "a-", "HTTP", "sixteen-letters-"}) {
    EXPECT_FALSE(is_port_name(text)) << text;
  }
  EXPECT_TRUE(is_port_name("fifteen-letters"));
  EXPECT_FALSE(is_port_name("sixteen-letterss"));
}

TEST(Address, IsInsideTheRangeAndAHosts) {
  EXPECT_EQ(parse_address("10.20.0.1"), 1);
  EXPECT_EQ(parse_address("10.20.1.0"), 256);
  for (const char* text : {"", "10.21.0.1", "10.20.0", "10.20.0.0", "10.20.255.255", "10.20.0.256",
                           "10.20.0.01", "10.20.0.1.1", "::1", "mysql"}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Address, ComesBackFromItsText, ()) {
  const auto host = *rc::gen::inRange<std::uint16_t>(1, 0xFFFF);
  RC_ASSERT(parse_address(to_address(host)) == host);
}

RC_GTEST_PROP(ParseDuration, AddsUpItsParts, ()) {
  const auto minutes = *rc::gen::inRange(0, 1'000'000);
  const auto milliseconds = *rc::gen::inRange(0, 1'000'000);
  const std::string text = std::to_string(minutes) + "m" + std::to_string(milliseconds) + "ms";
  RC_ASSERT(parse_duration(text) ==
            std::chrono::minutes(minutes) + std::chrono::milliseconds(milliseconds));
}

}  // namespace
}  // namespace fakeapi::scenario

// Values as Go prints them: fmt.Print and encoding/json.
#include "fakeapi/cluster/columns/go_text.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

TEST(GoText, PrintsScalarsBare) {
  EXPECT_EQ(go_text("a \"b\""), "a \"b\"");
  EXPECT_EQ(go_text(-3), "-3");
  EXPECT_EQ(go_text(true), "true");
  EXPECT_EQ(go_text(nullptr), "<no value>");
}

// fmt's %v is strconv's 'g' with the fewest digits: an exponent below 1e-4 and from 1e6 on
// (strconv/ftoa.go).
TEST(GoText, PrintsNumbersWithTheFewestDigits) {
  EXPECT_EQ(go_text(0.5), "0.5");
  EXPECT_EQ(go_text(3.0), "3");
  EXPECT_EQ(go_text(-0.0001), "-0.0001");
  EXPECT_EQ(go_text(0.00001), "1e-05");
  EXPECT_EQ(go_text(999999.0), "999999");
  EXPECT_EQ(go_text(1000000.0), "1e+06");
  EXPECT_EQ(go_text(123456789.0), "1.23456789e+08");
  EXPECT_EQ(go_text(12345678901234567890U), "1.2345678901234567e+19");
}

TEST(GoText, EncodesObjectsAndLists) {
  EXPECT_EQ(go_text(json({{"b", {1, nullptr}}, {"a", "x"}})), "{\"a\":\"x\",\"b\":[1,null]}");
  EXPECT_EQ(go_text(json::array()), "[]");
}

TEST(GoText, EscapesWhatHtmlAndJavascriptCouldTake) {
  EXPECT_EQ(go_text(json::array({"<a&b>", "\xe2\x80\xa8", "\"\n\x01"})),
            "[\"\\u003ca\\u0026b\\u003e\",\"\\u2028\",\"\\\"\\n\\u0001\"]");
}

// encoding/json changes to an exponent below 1e-6 and from 1e21 on.
TEST(GoText, EncodesNumbersWithOtherExponents) {
  EXPECT_EQ(go_text(json::array({1e6, 1e20, 1e21, 1e-6, 1.5e-7, 1e-10, -2.5, 0.0})),
            "[1000000,100000000000000000000,1e+21,0.000001,1.5e-7,1e-10,-2.5,0]");
}

TEST(GoText, LosesNoDigitOfANumber) {
  EXPECT_TRUE(rc::check("a number is read back", [](double number) {
    RC_PRE(std::isfinite(number));
    RC_ASSERT(std::stod(go_text(number)) == number);
    RC_ASSERT(json::parse(go_text(json::array({number})))[0].get<double>() == number);
  }));
}

}  // namespace
}  // namespace fakeapi::cluster::columns

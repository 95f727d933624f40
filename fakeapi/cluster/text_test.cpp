// Texts: key order, times and numbers as they appear on the wire.
#include "fakeapi/cluster/text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

// kube-apiserver writes kind, apiVersion and metadata first (every recording).
TEST(WireText, PutsKindVersionAndMetadataFirst) {
  const nlohmann::json object = {
      {"subsets", 1}, {"apiVersion", "v1"}, {"metadata", {{"name", "a"}}}, {"kind", "K"}};
  EXPECT_EQ(wire_text(object),
            R"({"kind":"K","apiVersion":"v1","metadata":{"name":"a"},"subsets":1})");
}

TEST(WireText, SurvivesBytesThatAreNoUtf8) {
  EXPECT_NO_THROW(wire_text({{"metadata", {{"name", "\xff"}}}}));
}

// RFC 3629 3 and 4, with the first and last character of each length.
TEST(Utf8, KnowsWhatIsACharacter) {
  for (const char* text : {"", "a", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000",
                           "\uffff", "\U00010000", "\U0010ffff", "a\u00e9b"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* bytes :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3", "\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(bytes));
  }
}

// Go's encoding/json: "invalid UTF-8 or invalid UTF-16 surrogate pairs are not treated as an error.
// Instead, they are replaced by the Unicode replacement character U+FFFD", byte by byte.
TEST(Utf8, ReplacesEachByteThatIsNone) {
  EXPECT_EQ(as_utf8("a\xff\xfe\u00e9\xe2\x82"), "a\ufffd\ufffd\u00e9\ufffd\ufffd");
  EXPECT_EQ(as_utf8("plain"), "plain");
}

TEST(ParseDecimal, TakesOnlyPlainNumbers) {
  EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615U);
  for (const char* text :
       {"", "-1", "+1", "1 ", " 1", "1.0", "0x1", "abc", "18446744073709551616"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

}  // namespace
}  // namespace fakeapi::cluster

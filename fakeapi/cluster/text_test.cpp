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

TEST(ParseDecimal, TakesOnlyPlainNumbers) {
  EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615U);
  for (const char* text :
       {"", "-1", "+1", "1 ", " 1", "1.0", "0x1", "abc", "18446744073709551616"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

}  // namespace
}  // namespace fakeapi::cluster

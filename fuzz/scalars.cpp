// Quantities, times, base64 and versions: each has one canonical form, which reads as itself.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/schema/quantity.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/cluster/wall_time.hpp"
#include "fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fakeapi::cluster;
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto quantity = schema::canonical_quantity(text)) {
    // What is left without a suffix is decimal when it is read again: 337203687.5Ki is
    // 345296576000, and that is 345296576k.
    const auto again = schema::canonical_quantity(*quantity);
    fuzz::check(again && schema::canonical_quantity(*again) == again,
                "a canonical quantity has a canonical form that stays",
                *quantity + " " + again.value_or("none"));
  }
  if (const auto time = parse_rfc3339(text)) {
    fuzz::check(parse_rfc3339(rfc3339_micro(*time)) == time,
                "a time that is printed reads as itself", rfc3339_micro(*time));
    fuzz::check(unix_time(unix_seconds(*time)) <= *time, "whole seconds are rounded down");
  }
  if (const auto bytes = base64_decode(text))
    fuzz::check(base64_decode(base64_encode(*bytes)) == bytes, "base64 goes there and back");
  fuzz::check(base64_decode(base64url_encode(text)) == text, "base64url goes there and back");
  if (const auto number = parse_decimal(text))
    fuzz::check(parse_decimal(std::to_string(*number)) == number, "a version reads as itself");
  return 0;
}

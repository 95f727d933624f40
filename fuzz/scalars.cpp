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
    fuzz::check(schema::canonical_quantity(*quantity) == quantity,
                "a canonical quantity is its own canonical form",
                *quantity + " " + schema::canonical_quantity(*quantity).value_or("none"));
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

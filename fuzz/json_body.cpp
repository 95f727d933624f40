// JSON bodies: strict parsing against nlohmann's own parser, and decoding by the type of the
// resource that the first line names.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/strict_json.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fuzz/check.hpp"
#include "fuzz/kind.hpp"

namespace {

using namespace fakeapi::cluster;
using nlohmann::json;

void decode(const Kind& kind, json value) {
  if (schema::decode(kind.type(), value).error) return;
  json again = value;
  const auto decoded = schema::decode(kind.type(), again);
  fuzz::check(!decoded.error && decoded.unknown.empty(), "what was decoded is of its type",
              decoded.error.value_or(""));
  fuzz::check(again == value, "decoding what was decoded changes nothing",
              wire_text(value) + "\n" + wire_text(again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Kinds kinds;
  std::string_view input = fuzz::text_of(data, size);
  const Kind& kind = fuzz::take_kind(kinds, input);
  StrictJson parsed = parse_strict(input);
  // Halves of UTF-16 pairs are where the two differ.
  const std::string text = as_utf8(input);
  const bool accepted = json::accept(text);
  const bool escapes = text.find("\\u") != std::string::npos;
  fuzz::check(accepted || parsed.error || escapes, "what is no JSON is refused");
  fuzz::check(!accepted || !parsed.error || *parsed.error == "exceeded max depth",
              "JSON is refused for its depth only", parsed.error.value_or(""));
  if (parsed.error) return 0;
  fuzz::check(is_utf8(wire_text(parsed.value)), "what was read can be written");
  fuzz::check(!accepted || !parsed.duplicates.empty() || parsed.value == json::parse(text),
              "the value is that of a plain parser");
  in_order_of_appearance(input, {"spec.a", "kind", "metadata.labels.x[1]"});
  if (parsed.value.is_object()) decode(kind, std::move(parsed.value));
  return 0;
}

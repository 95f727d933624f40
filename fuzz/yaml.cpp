// YAML: what was read and is written again reads as the same.
#include "fakeapi/cluster/api/yaml.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"
#include "fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fakeapi::cluster;
  const auto value = parse_yaml(fuzz::text_of(data, size));
  if (!value) return 0;
  const std::string text = yaml_text(*value);
  const auto again = parse_yaml(text);
  fuzz::check(again.has_value(), "what was written is YAML", text);
  // Bytes that are no UTF-8 are replaced when they are written.
  fuzz::check(wire_text(*again) == wire_text(*value), "what was written reads as the same",
              wire_text(*value) + "\n" + text + "\n" + wire_text(*again));
  return 0;
}

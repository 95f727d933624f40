// The paths of a custom resource's columns: parsing and looking up. The path is the first line, the
// document the rest.
#include "fakeapi/cluster/columns/json_path.hpp"

#include <nlohmann/json.hpp>

#include "fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fakeapi::cluster::columns::JsonPath;
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t cut = std::min(input.find('\n'), input.size());
  const auto path = JsonPath::parse(input.substr(0, cut));
  if (!path) return 0;
  const auto document = nlohmann::json::parse(input.substr(cut), nullptr, false);
  if (document.is_discarded()) return 0;
  for (const nlohmann::json* value : path->find(document).values)
    fuzz::check(value != nullptr, "what is found is there");
  return 0;
}

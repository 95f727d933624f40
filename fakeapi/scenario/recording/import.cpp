#include "fakeapi/scenario/recording/import.hpp"

#include <algorithm>
#include <map>

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;

std::string namespace_of(const json& object) { return text_at(object, {"metadata", "namespace"}); }

void keep_only(Recording& recording, const std::vector<std::string>& namespaces) {
  const auto other = [&](const json& object) {
    return std::find(namespaces.begin(), namespaces.end(), namespace_of(object)) ==
           namespaces.end();
  };
  std::erase_if(recording.initial, other);
  std::erase_if(recording.changes, [&](const Seen& seen) { return other(seen.object); });
}

std::string most_frequent_namespace(const Recording& recording) {
  std::map<std::string, std::size_t> counts;
  for (const json& object : recording.initial) ++counts[namespace_of(object)];
  for (const Seen& seen : recording.changes) ++counts[namespace_of(seen.object)];
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() || most->first.empty() ? "default" : most->first;
}

bool is_json(const Input& input) {
  const auto first = input.text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && input.text[first] == '{';
}

}  // namespace

std::variant<Recording, ImportError> import_recording(const std::vector<Input>& inputs,
                                                      const std::vector<std::string>& namespaces) {
  for (const Input& input : inputs) {
    if (inputs.size() > 1 && !is_json(input)) {
      return ImportError{input.name +
                         ": of several files each must be an output of kubectl get -w -o json "
                         "--output-watch-events"};
    }
  }
  auto imported = is_json(inputs.front()) ? import_kubectl(inputs) : import_kwok(inputs.front());
  if (std::holds_alternative<ImportError>(imported)) return imported;
  auto& recording = std::get<Recording>(imported);
  if (!namespaces.empty()) keep_only(recording, namespaces);
  if (recording.initial.empty() && recording.changes.empty()) {
    return ImportError{inputs.front().name +
                       ": it holds no Service, Pod, Endpoints or EndpointSlice" +
                       (namespaces.empty() ? "" : " of the namespaces given")};
  }
  recording.namespace_name =
      namespaces.empty() ? most_frequent_namespace(recording) : namespaces.front();
  return imported;
}

}  // namespace fakeapi::scenario::recording

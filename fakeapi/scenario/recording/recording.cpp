#include "fakeapi/scenario/recording/recording.hpp"

namespace fakeapi::scenario::recording {

using nlohmann::json;

const json& value_at(const json& object, std::initializer_list<const char*> path) {
  static const json nothing;
  const json* here = &object;
  for (const char* key : path) {
    if (!here->is_object()) return nothing;
    const auto found = here->find(key);
    if (found == here->end()) return nothing;
    here = &*found;
  }
  return *here;
}

std::string text_at(const json& object, std::initializer_list<const char*> path) {
  const json& value = value_at(object, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

Identity identity_of(const json& object) {
  return {text_at(object, {"kind"}), text_at(object, {"metadata", "namespace"}),
          text_at(object, {"metadata", "name"})};
}

bool is_recorded(const json& object) {
  const std::string kind = text_at(object, {"kind"});
  const std::string version = text_at(object, {"apiVersion"});
  if (text_at(object, {"metadata", "name"}).empty()) return false;
  if (kind == "EndpointSlice") return version == "discovery.k8s.io/v1";
  return version == "v1" && (kind == "Service" || kind == "Pod" || kind == "Endpoints");
}

}  // namespace fakeapi::scenario::recording

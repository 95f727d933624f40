// The annotation is JSON that a client wrote: whatever is wrong with it, it explains nothing then.
#include "fakeapi/cluster/fields/last_applied.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"
#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

const std::string annotation = "kubectl.kubernetes.io/last-applied-configuration";
// apimachinery pkg/api/validation, TotalAnnotationSizeLimitB.
constexpr std::size_t annotations_bytes_max = 256 * 1024;

json* annotations_of(json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return nullptr;
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return nullptr;
  return &*annotations;
}

std::string last_applied(const json& object) {
  const json* value = nullptr;
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return {};
  if (const auto annotations = metadata->find("annotations");
      annotations != metadata->end() && annotations->is_object()) {
    if (const auto it = annotations->find(annotation); it != annotations->end()) value = &*it;
  }
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::size_t size_of(const json& annotations) {
  std::size_t size = 0;
  for (auto it = annotations.begin(); it != annotations.end(); ++it)
    size += it.key().size() + (it->is_string() ? it->get_ref<const std::string&>().size() : 0);
  return size;
}

}  // namespace

std::optional<FieldSet> last_applied_fields(const Shape& shape, const json& live,
                                            std::string_view api_version) {
  const std::string text = last_applied(live);
  if (text.empty() || !mismatch(shape, live, Duplicates::refused).empty()) return std::nullopt;
  const json applied = json::parse(text, nullptr, false);
  if (!applied.is_object() || applied.value("apiVersion", json()) != api_version)
    return std::nullopt;
  if (!mismatch(shape, applied, Duplicates::refused).empty()) return std::nullopt;
  const Comparison changed = compare(shape, applied, live);
  const FieldSet fields = to_field_set(shape, applied);
  return difference(difference(difference(fields, changed.modified), changed.added),
                    changed.removed);
}

void update_last_applied(const json& config, json& object) {
  if (last_applied(object).empty()) return;
  json applied = config;
  if (json* annotations = annotations_of(applied)) annotations->erase(annotation);
  json& annotations = *annotations_of(object);
  annotations[annotation] = go_json(applied) + "\n";
  if (size_of(annotations) > annotations_bytes_max) annotations.erase(annotation);
}

}  // namespace fakeapi::cluster::fields

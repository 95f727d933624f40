// Objects may come from an older store or be a bookmark with nothing but a version: no reader here
// relies on a field being there, or being of its type.
#include "fakeapi/cluster/columns/cells.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

constexpr std::int64_t shown_max = 3;  // printers.go formatEndpoints, formatDiscoveryPorts

const json* at(const json& object, Path path) { return find_at(object, path); }

std::int64_t integer(const json& value) {
  if (value.is_number_unsigned()) {
    constexpr std::uint64_t max = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(value.get<std::uint64_t>(), max));
  }
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

std::vector<std::string> strings_of(const json& list) {
  std::vector<std::string> out;
  for (const json& one : list) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

struct Requirement {
  std::string key, text;
};

// labels.NewRequirement refuses a set without values and an existence with some.
std::optional<Requirement> requirement_of(const json& expression) {
  const std::string key = string_at(expression, {"key"});
  const std::string op = string_at(expression, {"operator"});
  auto values = strings_of(list_at(expression, {"values"}));
  if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) return std::nullopt;
    return Requirement{key, (op == "Exists" ? "" : "!") + key};
  }
  if ((op != "In" && op != "NotIn") || values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Requirement{
      key, fmt::format("{} {} ({})", key, op == "In" ? "in" : "notin", fmt::join(values, ","))};
}

}  // namespace

Column name_column() { return {"Name", "string", "name", 0, "Unique among objects of its kind."}; }

Column age_column() { return {"Age", "string", "", 0, "Time since the object was created."}; }

Column created_at_column() {
  return {"Created At", "date", "", 0, "Time when the object was created."};
}

std::string name_of(const json& object) { return string_at(object, {"metadata", "name"}); }

std::string age_of_object(const json& object, WallTime now) {
  return age_of(at(object, {"metadata", "creationTimestamp"}), now);
}

std::string creation_text(const json& object) {
  const auto time = time_of(at(object, {"metadata", "creationTimestamp"}));
  if (!time) return "0001-01-01T00:00:00Z";
  return rfc3339(*time);
}

std::int64_t integer_at(const json& object, Path path) {
  const json* found = at(object, path);
  return found != nullptr ? integer(*found) : 0;
}

bool true_at(const json& object, Path path) {
  const json* found = at(object, path);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

bool present(const json& object, Path path) {
  const json* found = at(object, path);
  return found != nullptr && !found->is_null();
}

const json& list_at(const json& object, Path path) {
  static const json empty = json::array();
  const json* found = at(object, path);
  return found != nullptr && found->is_array() ? *found : empty;
}

std::int64_t size_at(const json& object, Path path) {
  const json* found = at(object, path);
  return found != nullptr && found->is_structured() ? static_cast<std::int64_t>(found->size()) : 0;
}

bool condition_holds(const json& conditions, std::string_view type) {
  for (const json& one : conditions) {
    if (string_at(one, {"type"}) == type) return string_at(one, {"status"}) == "True";
  }
  return false;
}

std::string or_else(std::string text, std::string_view fallback) {
  return text.empty() ? std::string(fallback) : text;
}

// Sorted as whole texts: "a-b=1" comes before "a=1".
std::string labels_text(const json* labels) {
  std::vector<std::string> texts;
  if (labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      texts.push_back(key + "=" + (value.is_string() ? value.get<std::string>() : ""));
    }
  }
  std::sort(texts.begin(), texts.end());
  return or_else(fmt::format("{}", fmt::join(texts, ",")), "<none>");
}

std::optional<std::string> selector_text(const json* selector) {
  if (selector == nullptr || selector->is_null()) return std::string();
  std::vector<Requirement> requirements;
  if (const json* labels = at(*selector, {"matchLabels"}); labels && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      requirements.push_back(
          {key, key + "=" + (value.is_string() ? value.get<std::string>() : "")});
    }
  }
  for (const json& expression : list_at(*selector, {"matchExpressions"})) {
    auto requirement = requirement_of(expression);
    if (!requirement) return std::nullopt;
    requirements.push_back(std::move(*requirement));
  }
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const Requirement& a, const Requirement& b) { return a.key < b.key; });
  std::string out;
  for (const Requirement& one : requirements) out += (out.empty() ? "" : ",") + one.text;
  return out;
}

std::string selector_or_none(const json* selector) {
  auto text = selector_text(selector);
  return text ? or_else(std::move(*text), "<none>") : "<error>";
}

ContainerTexts container_texts(const json& object, Path pod_spec) {
  ContainerTexts out;
  const json* spec = at(object, pod_spec);
  if (spec == nullptr) return out;
  const char* comma = "";
  for (const json& container : list_at(*spec, {"containers"})) {
    out.names += comma + string_at(container, {"name"});
    out.images += comma + string_at(container, {"image"});
    comma = ",";
  }
  return out;
}

void ShortList::add(std::string_view text) {
  if (count_ < shown_max) {
    if (count_ > 0) shown_ += ',';
    shown_ += text;
  }
  ++count_;
}

std::string ShortList::text() const {
  if (count_ <= shown_max) return shown_;
  return fmt::format("{} + {} more...", shown_, count_ - shown_max);
}

}  // namespace fakeapi::cluster::columns

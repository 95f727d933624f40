// One object a level: "." when the level itself is a member besides what is below it; an empty
// object is a member with nothing below it.
#include "fakeapi/cluster/fields/fields_v1.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// A hostile client could nest as deeply as its body is long. Go's decoders stop at 10,000; this
// code recurses, so that a stack bounds it, far above any type's depth.
constexpr int max_depth = 1000;

struct Level {
  FieldSet below;
  bool is_member = false;
};

std::string read_level(const json& fields, int depth, Level& out) {
  if (fields.is_null()) {
    out.is_member = true;
    return {};
  }
  if (!fields.is_object()) return "expect { or n";
  if (depth > max_depth) return "exceeded max depth";
  for (const auto& [text, value] : fields.items()) {
    if (text == ".") {
      out.is_member = true;
      continue;
    }
    auto parsed = parse_element(text);
    if (const std::string* error = std::get_if<std::string>(&parsed)) return *error;
    if (std::holds_alternative<Unknown>(parsed)) continue;
    Level level;
    if (std::string error = read_level(value, depth + 1, level); !error.empty()) return error;
    out.below.add(std::get<PathElement>(std::move(parsed)), level.is_member,
                  std::move(level.below));
  }
  if (out.below.empty()) out.is_member = true;
  return {};
}

void put_level(std::string& out, const FieldSet& set, bool is_member) {
  out += '{';
  if (is_member && !set.empty()) out += R"(".":{})";
  for (const FieldSet::Node& node : set.nodes()) {
    if (out.back() != '{') out += ',';
    out += json_key(node.element.text()) + ":";
    put_level(out, node.below, node.member);
  }
  out += '}';
}

json level_of(const FieldSet& set, bool is_member) {
  json out = json::object();
  if (is_member && !set.empty()) out["."] = json::object();
  for (const FieldSet::Node& node : set.nodes())
    out[node.element.text()] = level_of(node.below, node.member);
  return out;
}

}  // namespace

std::variant<FieldSet, std::string> parse_fields_v1(const json& fields) {
  Level level;
  if (std::string error = read_level(fields, 0, level); !error.empty()) return error;
  return std::move(level.below);
}

json fields_v1(const FieldSet& set) { return level_of(set, false); }

std::string fields_v1_text(const FieldSet& set) {
  std::string out;
  put_level(out, set, false);
  return out;
}

}  // namespace fakeapi::cluster::fields

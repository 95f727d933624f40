// Steps of a path through an object: a field, an item of a list by its keys or by its value, an
// item of an atomic list by its place. structured-merge-diff fieldpath/element.go and
// serialize-pe.go define their order and both of their texts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::fields {

using Value = std::shared_ptr<const nlohmann::json>;

struct KeyPart {
  std::string name;
  Value value;
};
/// The keys that tell an item of an associative list, by name.
using Key = std::vector<KeyPart>;

class PathElement {
 public:
  static PathElement field(std::string_view name);
  static PathElement key(Key parts);
  static PathElement value(Value value);
  static PathElement index(std::int64_t place);

  /// nullptr where the element is of another kind.
  const std::string* field_name() const { return std::get_if<std::string>(&held_); }
  const Key* key_parts() const { return std::get_if<Key>(&held_); }

  /// Fields before keys before values before indexes.
  int compare(const PathElement& other) const;
  /// The same against the field of that name.
  int compare_to_field(std::string_view name) const;
  bool operator==(const PathElement& other) const { return compare(other) == 0; }
  bool operator<(const PathElement& other) const { return compare(other) < 0; }

  /// As a key of FieldsV1: f:name, k:{"port":80}, v:"x", i:0.
  std::string text() const;
  /// As messages show it: .name, [port=80], [="x"], [0].
  std::string display() const;

 private:
  // The order of the kinds is the order of the alternatives.
  std::variant<std::string, Key, Value, std::int64_t> held_;
};

using Path = std::vector<PathElement>;

/// ".spec.ports[port=80].name"; empty for the whole object.
std::string display(const Path& path);

/// An element of FieldsV1, `unknown` for a kind of a later version, which is passed over, or why
/// the text is none.
struct Unknown {};
std::variant<PathElement, Unknown, std::string> parse_element(std::string_view text);

}  // namespace fakeapi::cluster::fields

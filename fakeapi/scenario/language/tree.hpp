// A YAML text as plain values that know where they stand. The language is smaller than YAML: one
// document, no aliases, no tags, each key once; what YAML allows beyond that would be accepted in
// silence or mean something surprising.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/language/problem.hpp"

namespace fakeapi::scenario {

struct Node {
  enum class Kind { nothing, scalar, mapping, sequence };
  Kind kind = Kind::nothing;
  Place place;               // of nothing: its key's
  bool quoted = false;       // "3" in quotes is a text, 3 is a number
  std::string text;          // of a scalar
  std::vector<Node> keys;    // of a mapping, in the file's order, parallel to values
  std::vector<Node> values;  // of a mapping or a sequence
};

/// The one document of a text. Whatever keeps it from being read is in the report, and the tree is
/// then only as good as what came before. Does not look for duplicate keys: their message needs to
/// know what the mapping is.
Node parse_yaml(std::string_view text, Report& report);

}  // namespace fakeapi::scenario

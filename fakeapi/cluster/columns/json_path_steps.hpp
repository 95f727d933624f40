// The parsed form of a JSON path: each step turns a list of values into the next one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/json_path.hpp"

namespace fakeapi::cluster::columns {

struct JsonPath::Step {
  struct Field {
    std::string key;
  };
  struct Wildcard {};
  struct Descent {};  // ..
  struct Slice {
    std::optional<long> first;
    std::optional<long> end;
    std::optional<long> stride;
    bool single = false;  // [n]: `end` is n + 1
  };
  struct Union {
    std::vector<Steps> parts;
  };
  struct Filter {
    Steps left, right;
    std::string op;  // empty: the left side exists
  };
  /// A text stands for itself once, a number or truth value once for each value before it.
  struct Literal {
    nlohmann::json value;
  };
  struct Keyword {};  // range, end: they belong to templates, and are errors here

  std::variant<Field, Wildcard, Descent, Slice, Union, Filter, Literal, Keyword> what;
};

/// The steps of one path without braces; nothing when malformed.
std::optional<JsonPath::Steps> parse_steps(std::string_view text);

}  // namespace fakeapi::cluster::columns

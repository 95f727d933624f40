// Holds a tree against the table: unknown and duplicate keys, missing ones and values of the wrong
// form become problems here, once for the whole language. Readers are then given only what is
// well-formed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakeapi/scenario/language/problem.hpp"
#include "fakeapi/scenario/language/table.hpp"
#include "fakeapi/scenario/language/tree.hpp"

namespace fakeapi::scenario {

class Checked {
 public:
  /// The tree must outlive this. All problems go to the report.
  Checked(const Node& root, const Mapping& mapping, Report& report);

  /// The value of a key; null where it is not there or has not the form that the table asks for.
  /// Of a mapping or a list only its kind is certain: what is inside is asked for in turn.
  const Node* find(const Node& mapping, std::string_view key) const;
  /// The same, or an empty text.
  std::string text(const Node& mapping, std::string_view key) const;
  /// Whether everything in a mapping was understood.
  bool is_complete(const Node& mapping) const { return !incomplete_.contains(&mapping); }
  /// The good entries of a map, each key once, in the file's order.
  std::vector<std::pair<const Node*, const Node*>> entries(const Node& map) const;
  /// The good elements of a list, or the one value that stands in its place.
  std::vector<const Node*> items(const Node& node) const;

 private:
  bool check(const Node& node, const Type& type, std::string_view label);
  bool check_scalar(const Node& node, const Type& type, std::string_view label);
  bool check_number(const Node& node, const Type& type, std::string_view label);
  bool check_choice(const Node& node, const Type& type, std::string_view label);
  bool check_mapping(const Node& node, const Mapping& mapping);
  bool check_object(const Node& node);
  bool check_map(const Node& node, const Type& type, std::string_view label);
  bool check_list(const Node& node, const Type& type, std::string_view label);
  bool check_either(const Node& node, const Type& type, std::string_view label);
  bool fail(const Node& node, const Type& type, std::string_view label,
            std::string suggestion = {});
  std::string report_unknown(const Node& name, const Mapping& mapping);
  std::vector<std::size_t> unique(const Node& mapping, std::string_view noun);

  Report& report_;
  std::set<const Node*> bad_;
  std::set<const Node*> incomplete_;
};

/// The value as a message shows it: in quotes, cut where it is long.
std::string shown(const Node& node);

}  // namespace fakeapi::scenario

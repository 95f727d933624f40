// Reads a mapping by its table: unknown and duplicate keys, missing ones, and values of the wrong
// form become problems here, once for all mappings. What is left is well-formed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakeapi/scenario/language.hpp"
#include "fakeapi/scenario/tree.hpp"

namespace fakeapi::scenario {

class Fields {
 public:
  /// The value of a key of the table; null where it is not there or is not of the key's form.
  const Node* find(std::string_view key) const;
  /// Whether every key was understood.
  bool complete() const { return complete_; }

 private:
  friend Fields read_fields(const Node&, const Mapping&, Report&);
  std::vector<std::pair<std::string_view, const Node*>> found_;
  bool complete_ = true;
};

/// The node must outlive the fields.
Fields read_fields(const Node& node, const Mapping& mapping, Report& report);

/// Whether a value has the form of the key; what is wrong with it goes to the report. Of the forms
/// with entries of their own (ports, services, steps, pod_states) only the outermost layer is
/// looked at.
bool has_form(const Node& node, const Key& key, Report& report);

/// The first of equal keys of a mapping, the others are problems. `what` names such a key: "port",
/// "key".
std::vector<std::pair<const Node*, const Node*>> unique_entries(const Node& mapping,
                                                                std::string_view what,
                                                                Report& report);

/// The value as a message shows it: in quotes, cut where it is long.
std::string shown(const Node& node);

}  // namespace fakeapi::scenario

// Which objects a request is about: a namespace, one name, labels and fields together. Lists and
// watches ask the same question, so that a list is always what a watch from the beginning would add
// up to.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/label_selector.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster {

struct FieldRequirement {
  std::string label;
  bool equal = true;  // else: not equal
  std::string value;
  std::function<std::string(const nlohmann::json& object)> read;
};

/// Splits "a=b,c!=d" (apimachinery pkg/fields/selector.go). Which fields a kind has is not looked
/// at yet.
Result<std::vector<FieldRequirement>> parse_field_selector(std::string_view text);

/// The value that a selector demands of metadata.name, or an empty text.
std::string required_name(const std::vector<FieldRequirement>& fields);

struct Selection {
  std::string namespace_name;  // empty: all
  std::string name;            // empty: all; set where the fields demand one name
  LabelSelector labels;
  std::vector<FieldRequirement> fields;

  bool selects_some() const { return !labels.empty() || !fields.empty(); }
  bool matches(const Object& object) const;
};

/// Looks the fields up in the kind's row. Errors are 400 and name the fields that the kind knows.
Result<Selection> make_selection(const Kind& kind, std::string_view namespace_name,
                                 std::string_view label_selector, std::string_view field_selector);

}  // namespace fakeapi::cluster

// The checks behind fields.hpp: one function for the keys, one for each kind of value.
#include "fakeapi/scenario/fields.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "fakeapi/scenario/closest.hpp"
#include "fakeapi/scenario/scalars.hpp"

namespace fakeapi::scenario {
namespace {

// Enough of a value to find it again; a message stays one line.
constexpr std::size_t shown_bytes_max = 60;

const Key* find_key(const Mapping& mapping, std::string_view name) {
  const auto found = std::find_if(mapping.keys.begin(), mapping.keys.end(),
                                  [&](const Key& key) { return key.name == name; });
  return found == mapping.keys.end() ? nullptr : &*found;
}

bool fail(const Node& node, const Key& key, std::string_view expected, Report& report,
          std::string suggestion = {}) {
  report.add(node.place, fmt::format("{} must be {}, not {}", key.name, expected, shown(node)),
             std::move(suggestion));
  return false;
}

bool is_plain(const Node& node) { return node.kind == Node::Kind::scalar && !node.quoted; }

bool check_integer(const Node& node, const Key& key, Report& report) {
  const auto number = is_plain(node) ? parse_number(node.text) : std::nullopt;
  if (number && *number >= key.minimum && *number <= key.maximum) return true;
  if (key.minimum == key.maximum) return fail(node, key, fmt::to_string(key.minimum), report);
  return fail(node, key, fmt::format("a number from {} to {}", key.minimum, key.maximum), report);
}

bool check_sentence(const Node& node, const Key& key, Report& report) {
  const bool one_line = node.kind == Node::Kind::scalar && !node.text.empty() &&
                        node.text != "\n" && node.text.find('\n') >= node.text.size() - 1;
  return one_line || fail(node, key, "a text of one line", report);
}

bool check_duration(const Node& node, const Key& key, Report& report) {
  const bool scalar = node.kind == Node::Kind::scalar;
  const auto duration = scalar ? parse_duration(node.text) : std::nullopt;
  if (duration && *duration >= cluster::Duration{}) return true;
  if (duration) return fail(node, key, "a time from 0s on", report);
  const bool unit_forgotten = scalar && parse_duration(node.text + "s").has_value();
  return fail(node, key, "a duration such as 300ms, 2s or 1m30s", report,
              unit_forgotten ? node.text + "s" : std::string());
}

bool check_choice(const Node& node, const Key& key, Report& report) {
  std::vector<std::string_view> names;
  for (const Choice& choice : *key.choices) names.push_back(choice.name);
  const bool scalar = node.kind == Node::Kind::scalar;
  if (scalar && std::find(names.begin(), names.end(), node.text) != names.end()) return true;
  return fail(node, key, fmt::format("{}", fmt::join(names, " or ")), report,
              scalar ? closest(node.text, names) : std::string());
}

bool check_boolean(const Node& node, const Key& key, Report& report) {
  if (is_plain(node) && (node.text == "true" || node.text == "false")) return true;
  return fail(node, key, "true or false", report,
              is_plain(node) ? closest(node.text, {"true", "false"}) : std::string());
}

bool check_namespace(const Node& node, const Key& key, Report& report) {
  const bool good = node.kind == Node::Kind::scalar && is_dns_1123_label(node.text);
  return good || fail(node, key, "a DNS label: at most 63 of a-z, 0-9 and -", report);
}

bool check_address(const Node& node, const Key& key, Report& report) {
  const bool scalar = node.kind == Node::Kind::scalar;
  if (scalar && (node.text == "new" || parse_address(node.text))) return true;
  return fail(node, key, "an IPv4 address inside 10.20.0.0/16 or the word new", report);
}

bool check_mapping(const Node& node, const Key& key, bool may_be_empty, Report& report) {
  if (node.kind == Node::Kind::mapping && (may_be_empty || !node.keys.empty())) return true;
  return fail(node, key, fmt::format("a mapping ({})", to_string(key.form)), report);
}

bool check_steps(const Node& node, const Key& key, Report& report) {
  return node.kind == Node::Kind::sequence || fail(node, key, "a list of steps", report);
}

/// What was probably meant, or "".
std::string report_unknown(const Node& name, const Mapping& mapping, Report& report) {
  std::vector<std::string_view> names;
  for (const Key& key : mapping.keys) names.push_back(key.name);
  std::string meant = closest(name.text, names);
  report.add(name.place, fmt::format("unknown key {} in {}", shown(name), mapping.name), meant);
  return meant;
}

}  // namespace

const Node* Fields::find(std::string_view key) const {
  for (const auto& [name, node] : found_) {
    if (name == key) return node;
  }
  return nullptr;
}

bool has_form(const Node& node, const Key& key, Report& report) {
  switch (key.form) {
    case Form::integer:
      return check_integer(node, key, report);
    case Form::sentence:
      return check_sentence(node, key, report);
    case Form::duration:
      return check_duration(node, key, report);
    case Form::namespace_name:
      return check_namespace(node, key, report);
    case Form::choice:
      return check_choice(node, key, report);
    case Form::boolean:
      return check_boolean(node, key, report);
    case Form::address:
      return check_address(node, key, report);
    case Form::services:
      return check_mapping(node, key, true, report);
    case Form::ports:
    case Form::pod_states:
      return check_mapping(node, key, false, report);
    case Form::steps:
      return check_steps(node, key, report);
  }
  return false;
}

std::vector<std::pair<const Node*, const Node*>> unique_entries(const Node& mapping,
                                                                std::string_view what,
                                                                Report& report) {
  std::vector<std::pair<const Node*, const Node*>> entries;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    const Node& key = mapping.keys[i];
    if (key.kind != Node::Kind::scalar) {
      report.add(key.place, fmt::format("a {} must be a word, not {}", what, shown(key)));
    } else if (!seen.insert(key.text).second) {
      report.add(key.place, fmt::format("{} {} is given twice", what, shown(key)));
    } else {
      entries.emplace_back(&key, &mapping.values[i]);
    }
  }
  return entries;
}

Fields read_fields(const Node& node, const Mapping& mapping, Report& report) {
  Fields fields;
  if (node.kind != Node::Kind::mapping) {
    report.add(node.place, fmt::format("{} must be a mapping, not {}", mapping.name, shown(node)));
    fields.complete_ = false;
    return fields;
  }
  std::set<std::string, std::less<>> present;
  for (const auto& [name, value] : unique_entries(node, "key", report)) {
    const Key* key = find_key(mapping, name->text);
    // A key that was misspelt is not missing as well: one mistake, one line.
    present.insert(key == nullptr ? report_unknown(*name, mapping, report) : name->text);
    if (key != nullptr && has_form(*value, *key, report)) {
      fields.found_.emplace_back(key->name, value);
    } else {
      fields.complete_ = false;
    }
  }
  for (const Key& key : mapping.keys) {
    if (!key.required || present.count(key.name) != 0) continue;
    report.add(node.place, fmt::format("missing key \"{}\" in {}", key.name, mapping.name));
    fields.complete_ = false;
  }
  return fields;
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::scalar:
      break;
  }
  std::string text = node.text.substr(0, node.text.find('\n'));
  if (text.size() > shown_bytes_max) {
    std::size_t end = shown_bytes_max;  // not inside a UTF-8 sequence
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end) + "...";
  }
  return fmt::format("\"{}\"", text);
}

}  // namespace fakeapi::scenario

// One function for each kind of type. A value that fails is remembered, so that no reader sees it.
#include "fakeapi/scenario/language/check.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/forms.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

// Enough of a value to find it again; a message stays one line.
constexpr std::size_t shown_bytes_max = 60;
// More words than these are not listed in a message.
constexpr std::size_t listed_choices_max = 5;

bool is_plain(const Node& node) { return node.kind == Node::Kind::scalar && !node.quoted; }

std::vector<std::string_view> names_of(const Choices& choices) {
  std::vector<std::string_view> names;
  for (const Choice& each : choices) names.push_back(each.name);
  return names;
}

// Of YAML's own words for other types a text is meant seldom enough that quotes may be asked for.
bool is_boolean(const Node& node) {
  return is_plain(node) && (node.text == "true" || node.text == "false");
}

/// Whether a node of this kind could be of this type at all.
bool may_be(const Node& node, const Type& type) {
  switch (type.kind) {
    case Type::Kind::scalar:
    case Type::Kind::choice:
      return node.kind == Node::Kind::scalar;
    case Type::Kind::mapping:
    case Type::Kind::map:
    case Type::Kind::object:
      return node.kind == Node::Kind::mapping;
    case Type::Kind::list:
      return node.kind == Node::Kind::sequence;
    case Type::Kind::one_or_list:
      return node.kind == Node::Kind::sequence || may_be(node, type.parts[0]);
    case Type::Kind::either:
      return std::any_of(type.parts.begin(), type.parts.end(),
                         [&](const Type& part) { return may_be(node, part); });
  }
  return false;
}

bool takes(const Node& node, const Type& type) {
  if (type.kind == Type::Kind::choice) {
    const auto names = names_of(*type.choices);
    return std::find(names.begin(), names.end(), node.text) != names.end();
  }
  if (type.form == Form::integer) {
    const auto number = is_plain(node) ? parse_number(node.text) : std::nullopt;
    return number && *number >= type.minimum && *number <= type.maximum;
  }
  if (type.form == Form::share) return is_plain(node) && parse_share(node.text);
  if (type.form == Form::boolean) return is_boolean(node);
  if (is_boolean(node)) return false;
  return row_of(type.form).takes(node.text);
}

/// What was probably meant by a text that a form does not take.
std::string meant(const Node& node, const Type& type) {
  if (node.kind != Node::Kind::scalar) return {};
  if (type.kind == Type::Kind::choice) return closest(node.text, names_of(*type.choices));
  if (type.form == Form::boolean)
    return is_plain(node) ? closest(node.text, {"true", "false"}) : "";
  const bool timed = type.form == Form::duration || type.form == Form::moment;
  if (is_boolean(node) && row_of(type.form).takes != nullptr && row_of(type.form).takes(node.text))
    return '"' + node.text + '"';
  if (timed && row_of(type.form).takes(node.text + "s")) return node.text + "s";
  return {};
}

/// A name with capitals and underscores put right, if that makes it good.
std::string label_meant(std::string name, Form form) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == '.') c = '-';
  }
  return row_of(form).takes(name) ? name : std::string();
}

}  // namespace

Checked::Checked(const Node& root, const Mapping& mapping, Report& report) : report_(report) {
  check_mapping(root, mapping);
}

const Node* Checked::find(const Node& mapping, std::string_view key) const {
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    if (mapping.keys[i].text != key || bad_.contains(&mapping.keys[i])) continue;
    return bad_.contains(&mapping.values[i]) ? nullptr : &mapping.values[i];
  }
  return nullptr;
}

std::string Checked::text(const Node& mapping, std::string_view key) const {
  const Node* found = find(mapping, key);
  return found == nullptr ? std::string() : found->text;
}

std::vector<std::pair<const Node*, const Node*>> Checked::entries(const Node& map) const {
  std::vector<std::pair<const Node*, const Node*>> out;
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (!bad_.contains(&map.keys[i]) && !bad_.contains(&map.values[i]))
      out.emplace_back(&map.keys[i], &map.values[i]);
  }
  return out;
}

std::vector<const Node*> Checked::items(const Node& node) const {
  if (node.kind != Node::Kind::sequence) return {&node};
  std::vector<const Node*> out;
  for (const Node& value : node.values) {
    if (!bad_.contains(&value)) out.push_back(&value);
  }
  return out;
}

bool Checked::fail(const Node& node, const Type& type, std::string_view label,
                   std::string suggestion) {
  report_.add(node.place, fmt::format("{} must be {}, not {}", label, expected(type), shown(node)),
              std::move(suggestion));
  bad_.insert(&node);
  return false;
}

bool Checked::check(const Node& node, const Type& type, std::string_view label) {
  if (type.kind == Type::Kind::either) return check_either(node, type, label);
  if (!may_be(node, type)) return fail(node, type, label, meant(node, type));
  switch (type.kind) {
    case Type::Kind::scalar:
      return check_scalar(node, type, label);
    case Type::Kind::choice:
      return check_choice(node, type, label);
    case Type::Kind::mapping:
      return check_mapping(node, type.mapping());
    case Type::Kind::map:
      return check_map(node, type, label);
    case Type::Kind::list:
    case Type::Kind::one_or_list:
      return check_list(node, type, label);
    case Type::Kind::object:
      return check_object(node);
    case Type::Kind::either:
      break;
  }
  return true;
}

// Any keys, but each once, at every depth.
bool Checked::check_object(const Node& node) {
  bool good = node.kind != Node::Kind::mapping || unique(node, "key").size() == node.keys.size();
  for (const Node& value : node.values) good = check_object(value) && good;
  return good;
}

bool Checked::check_scalar(const Node& node, const Type& type, std::string_view label) {
  if (takes(node, type)) return true;
  const bool timed = type.form == Form::duration || type.form == Form::moment;
  if (timed && parse_duration(node.text)) {
    report_.add(node.place, fmt::format("{} must be a time from 0s to {}h, not {}", label,
                                        duration_max / std::chrono::hours(1), shown(node)));
    bad_.insert(&node);
    return false;
  }
  return fail(node, type, label, meant(node, type));
}

bool Checked::check_choice(const Node& node, const Type& type, std::string_view label) {
  if (takes(node, type)) return true;
  if (type.choices->size() <= listed_choices_max) return fail(node, type, label, meant(node, type));
  std::string near = meant(node, type);
  const std::string known =
      near.empty() ? fmt::format("; known are {}", fmt::join(names_of(*type.choices), ", ")) : "";
  report_.add(node.place, fmt::format("{}: unknown word {}{}", label, shown(node), known), near);
  bad_.insert(&node);
  return false;
}

// One part that can be meant is held to in full; of several single values any may fit.
bool Checked::check_either(const Node& node, const Type& type, std::string_view label) {
  std::vector<const Type*> possible;
  for (const Type& part : type.parts) {
    if (may_be(node, part)) possible.push_back(&part);
  }
  if (possible.size() == 1) return check(node, *possible.front(), label);
  std::string suggestion;
  for (const Type* part : possible) {
    if (takes(node, *part)) return true;
    if (suggestion.empty()) suggestion = meant(node, *part);
  }
  return fail(node, type, label, suggestion);
}

bool Checked::check_list(const Node& node, const Type& type, std::string_view label) {
  if (node.kind != Node::Kind::sequence) return check(node, type.parts[0], label);
  if (node.values.empty() && !type.may_be_empty) {
    report_.add(node.place, fmt::format("{} must not be empty", label));
    bad_.insert(&node);
    return false;
  }
  bool good = true;
  for (const Node& value : node.values) good = check(value, type.parts[0], label) && good;
  return good;
}

bool Checked::check_map(const Node& node, const Type& type, std::string_view label) {
  if (node.keys.empty() && !type.may_be_empty) {
    report_.add(node.place, fmt::format("{} must not be empty", label));
    bad_.insert(&node);
    return false;
  }
  bool good = true;
  for (const std::size_t i : unique(node, type.noun)) {
    const Node& key = node.keys[i];
    if (!row_of(type.form).takes(key.text)) {
      report_.add(
          key.place,
          fmt::format("{} name {} is not {}", type.noun, shown(key), row_of(type.form).expected),
          label_meant(key.text, type.form));
      bad_.insert(&key);
      good = false;
    }
    const std::string called =
        type.noun == "port" ? fmt::format("port {}", shown(key)) : std::string(key.text);
    good = check(node.values[i], type.parts[0], called) && good;
  }
  return good;
}

std::string Checked::report_unknown(const Node& name, const Mapping& mapping) {
  std::vector<std::string_view> names;
  for (const Key& key : mapping.keys) names.push_back(key.name);
  std::string near = closest(name.text, names);
  report_.add(name.place, fmt::format("unknown key {} in {}", shown(name), mapping.name), near);
  bad_.insert(&name);
  return near;
}

/// The indexes of keys that are scalars, the first of equal ones; the others are problems.
std::vector<std::size_t> Checked::unique(const Node& mapping, std::string_view noun) {
  std::vector<std::size_t> indexes;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    const Node& key = mapping.keys[i];
    if (key.kind != Node::Kind::scalar) {
      report_.add(key.place, fmt::format("a {} must be a word, not {}", noun, shown(key)));
    } else if (!seen.insert(key.text).second) {
      report_.add(key.place, fmt::format("{} {} is given twice", noun, shown(key)));
    } else {
      indexes.push_back(i);
      continue;
    }
    bad_.insert(&key);
    incomplete_.insert(&mapping);
  }
  return indexes;
}

bool Checked::check_mapping(const Node& node, const Mapping& mapping) {
  if (node.kind != Node::Kind::mapping) {
    report_.add(node.place, fmt::format("{} must be a mapping, not {}", mapping.name, shown(node)));
    bad_.insert(&node);
    return false;
  }
  std::set<std::string, std::less<>> present;
  for (const std::size_t i : unique(node, "key")) {
    const Node& name = node.keys[i];
    const auto key = std::find_if(mapping.keys.begin(), mapping.keys.end(),
                                  [&](const Key& each) { return each.name == name.text; });
    const bool known = key != mapping.keys.end();
    // A key that was misspelt is not missing as well: one mistake, one line.
    present.insert(known ? name.text : report_unknown(name, mapping));
    if (!known || !check(node.values[i], key->type, key->name)) incomplete_.insert(&node);
  }
  for (const Key& key : mapping.keys) {
    if (!key.required || present.contains(key.name)) continue;
    report_.add(node.place, fmt::format("missing key \"{}\" in {}", key.name, mapping.name));
    incomplete_.insert(&node);
  }
  return is_complete(node);
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

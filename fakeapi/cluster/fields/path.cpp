// Order and texts of path elements. Numbers that come out of a text are floats, as jsoniter reads
// them; they equal the integers of an object all the same.
#include "fakeapi/cluster/fields/path.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

int sign(int order) { return (order > 0) - (order < 0); }

int compare_keys(const Key& left, const Key& right) {
  const std::size_t both = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (const int order = left[i].name.compare(right[i].name); order != 0) return sign(order);
    if (const int order = compare_values(*left[i].value, *right[i].value); order != 0) return order;
  }
  return sign(static_cast<int>(left.size()) - static_cast<int>(right.size()));
}

std::string key_text(const Key& key) {
  std::string out = "k:{";
  for (const KeyPart& part : key) {
    if (out.size() > 3) out += ',';
    out += json_key(part.name) + ":" + go_json(*part.value);
  }
  return out + "}";
}

std::string key_display(const Key& key) {
  std::string out;
  for (const KeyPart& part : key) {
    if (!out.empty()) out += ',';
    out += part.name + "=" + path_text(*part.value);
  }
  return "[" + out + "]";
}

void make_floats(json& value) {
  if (value.is_number()) {
    value = value.get<double>();
  } else if (value.is_structured()) {
    for (json& one : value) make_floats(one);
  }
}

// The usual key, without escapes: {"name":"x","port":80}. Nothing for any other, which the JSON
// parser reads, at many times the cost.
std::optional<Key> parse_simple_key(std::string_view text) {
  Key out;
  const auto take = [&](char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto take_string = [&]() -> std::optional<std::string_view> {
    if (!take('"')) return std::nullopt;
    const std::size_t end = text.find_first_of("\"\\");
    if (end == std::string_view::npos || text[end] != '"') return std::nullopt;
    const std::string_view found = text.substr(0, end);
    text.remove_prefix(end + 1);
    return found;
  };
  if (!take('{')) return std::nullopt;
  do {
    const auto name = take_string();
    if (!name || !take(':')) return std::nullopt;
    if (const auto value = take_string()) {
      out.push_back({std::string(*name), std::make_shared<const json>(*value)});
      continue;
    }
    double number = 0;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || text.empty() || (text[0] == '0' && stop != text.data() + 1))
      return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    out.push_back({std::string(*name), std::make_shared<const json>(number)});
  } while (take(','));
  if (!take('}') || !text.empty()) return std::nullopt;
  return out;
}

std::variant<PathElement, Unknown, std::string> parse_json_element(char kind,
                                                                   std::string_view text) {
  if (kind == 'k') {
    if (auto key = parse_simple_key(text)) return PathElement::key(std::move(*key));
  }
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return fmt::format("cannot parse {}", go_quoted(text));
  make_floats(value);
  if (kind == 'v') return PathElement::value(std::make_shared<const json>(std::move(value)));
  if (!value.is_object() && !value.is_null())
    return fmt::format("expect an object, got {}", go_quoted(text));
  Key key;
  for (const auto& [name, one] : value.items())
    key.push_back({name, std::make_shared<const json>(one)});
  return PathElement::key(std::move(key));
}

}  // namespace

PathElement PathElement::field(std::string_view name) {
  PathElement out;
  out.held_.emplace<std::string>(name);
  return out;
}

PathElement PathElement::key(Key parts) {
  std::stable_sort(parts.begin(), parts.end(),
                   [](const KeyPart& a, const KeyPart& b) { return a.name < b.name; });
  PathElement out;
  out.held_ = std::move(parts);
  return out;
}

PathElement PathElement::value(Value value) {
  PathElement out;
  out.held_ = std::move(value);
  return out;
}

PathElement PathElement::index(std::int64_t place) {
  PathElement out;
  out.held_ = place;
  return out;
}

int PathElement::compare(const PathElement& other) const {
  if (held_.index() != other.held_.index()) return held_.index() < other.held_.index() ? -1 : 1;
  if (const std::string* name = field_name())
    return sign(name->compare(std::get<std::string>(other.held_)));
  if (const Key* key = key_parts()) return compare_keys(*key, std::get<Key>(other.held_));
  if (const Value* value = std::get_if<Value>(&held_))
    return compare_values(**value, *std::get<Value>(other.held_));
  const std::int64_t left = std::get<std::int64_t>(held_);
  const std::int64_t right = std::get<std::int64_t>(other.held_);
  return (left > right) - (left < right);
}

int PathElement::compare_to_field(std::string_view name) const {
  const std::string* mine = field_name();
  return mine == nullptr ? 1 : sign(std::string_view(*mine).compare(name));
}

std::string PathElement::text() const {
  if (const std::string* name = field_name()) return "f:" + *name;
  if (const Key* key = key_parts()) return key_text(*key);
  if (const Value* value = std::get_if<Value>(&held_)) return "v:" + go_json(**value);
  return fmt::format("i:{}", std::get<std::int64_t>(held_));
}

std::string PathElement::display() const {
  if (const std::string* name = field_name()) return "." + *name;
  if (const Key* key = key_parts()) return key_display(*key);
  if (const Value* value = std::get_if<Value>(&held_)) return "[=" + path_text(**value) + "]";
  return fmt::format("[{}]", std::get<std::int64_t>(held_));
}

std::string display(const Path& path) {
  std::string out;
  for (const PathElement& element : path) out += element.display();
  return out;
}

std::variant<PathElement, Unknown, std::string> parse_element(std::string_view text) {
  if (text.size() < 2) return "key must be 2 characters long:";
  if (text[1] != ':') return fmt::format("missing colon: {}", text);
  const std::string_view rest = text.substr(2);
  switch (text[0]) {
    case 'f':
      return PathElement::field(rest);
    case 'v':
    case 'k':
      return parse_json_element(text[0], rest);
    case 'i': {
      const std::string_view digits = rest.substr(rest.starts_with('+') ? 1 : 0);
      std::int64_t place = 0;
      const auto [stop, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), place);
      if (digits.empty() || error != std::errc{} || stop != digits.data() + digits.size())
        return fmt::format("strconv.Atoi: parsing {}: invalid syntax", go_quoted(rest));
      return PathElement::index(place);
    }
    default:
      return Unknown{};
  }
}

}  // namespace fakeapi::cluster::fields

#include "fakeapi/scenario/language/json.hpp"

#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

template <class Number>
bool read(const std::string& text, Number& into) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, into);
  return error == std::errc{} && stop == end;
}

json scalar_json(const Node& node) {
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (node.text == "null" || node.text == "~" || node.text.empty()) return nullptr;
  std::int64_t whole = 0;
  if (read(node.text, whole)) return whole;
  double number = 0;
  // Words that from_chars takes, too: "inf", "nan".
  const bool begins_so = node.text.find_first_of("0123456789") <= 1;
  if (begins_so && read(node.text, number)) return number;
  return node.text;
}

}  // namespace

json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return nullptr;
    case Node::Kind::scalar:
      return scalar_json(node);
    case Node::Kind::sequence: {
      json list = json::array();
      for (const Node& value : node.values) list.push_back(to_json(value));
      return list;
    }
    case Node::Kind::mapping:
      break;
  }
  json object = json::object();
  for (std::size_t i = 0; i < node.keys.size(); ++i)
    object.emplace(node.keys[i].text, to_json(node.values[i]));
  return object;
}

}  // namespace fakeapi::scenario

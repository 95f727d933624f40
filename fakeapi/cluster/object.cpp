// Cached texts of stored objects, and careful look-ups in JSON that a client wrote.
#include "fakeapi/cluster/object.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {

using nlohmann::json;

std::string_view event_name(EventType type) {
  switch (type) {
    case EventType::added:
      return "ADDED";
    case EventType::modified:
      return "MODIFIED";
    case EventType::deleted:
      break;
  }
  return "DELETED";
}

Object::Object(std::shared_ptr<const nlohmann::json> content)
    : content_(std::move(content)),
      name_(string_at(*content_, {"metadata", "name"})),
      namespace_(string_at(*content_, {"metadata", "namespace"})),
      uid_(string_at(*content_, {"metadata", "uid"})),
      version_(parse_decimal(string_at(*content_, {"metadata", "resourceVersion"})).value_or(0)) {}

const Bytes& Object::body() const {
  if (!body_) body_ = std::make_shared<const std::string>(wire_text(*content_) + "\n");
  return body_;
}

std::string Object::item() const {
  // wire_text writes kind and apiVersion first; a list names them once, for all its items.
  const std::string& text = *body();
  std::size_t from = 1;
  for (const char* key : {"kind", "apiVersion"}) {
    if (const nlohmann::json* value = find_at(*content_, {key})) {
      from += std::string_view(key).size() + 3 + value->dump().size() + 1;
    }
  }
  return '{' + text.substr(from, text.size() - 1 - from);
}

const Bytes& Object::line(EventType type) const {
  Bytes& line = lines_[static_cast<std::size_t>(type)];
  if (!line) {
    const std::string& text = *body();
    std::string made = "{\"type\":\"";
    made += event_name(type);
    made += "\",\"object\":";
    made.append(text, 0, text.size() - 1);
    made += "}\n";
    line = std::make_shared<const std::string>(std::move(made));
  }
  return line;
}

const std::string* find_label(const json& object, const std::string& key) {
  const json* labels = find_at(object, {"metadata", "labels"});
  if (labels == nullptr || !labels->is_object()) return nullptr;
  const auto it = labels->find(key);
  return it != labels->end() && it->is_string() ? it->get_ptr<const std::string*>() : nullptr;
}

const json* find_at(const json& value, std::initializer_list<const char*> path) {
  const json* at = &value;
  for (const char* key : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(key);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at;
}

std::string string_at(const json& value, std::initializer_list<const char*> path) {
  const json* found = find_at(value, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace fakeapi::cluster

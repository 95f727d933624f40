#include "waiter/net/yaml.hpp"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <yaml.h>

namespace waiter::net {
namespace {

using nlohmann::json;

constexpr int depth_max = 32;

struct Unusable {
  std::string message;
};

class Parser {
 public:
  explicit Parser(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw Unusable{"out of memory"};
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  json document() {
    Event event = next();
    while (event->type == YAML_STREAM_START_EVENT || event->type == YAML_DOCUMENT_START_EVENT)
      event = next();
    if (event->type == YAML_STREAM_END_EVENT) return nullptr;
    return value(event, 0);
  }

 private:
  struct Event {
    yaml_event_t event{};
    Event() = default;
    Event(Event&& other) noexcept : event(std::exchange(other.event, yaml_event_t{})) {}
    Event& operator=(Event&& other) noexcept {
      std::swap(event, other.event);
      return *this;
    }
    ~Event() { yaml_event_delete(&event); }
    const yaml_event_t* operator->() const { return &event; }
  };

  Event next() {
    Event event;
    if (yaml_parser_parse(&parser_, &event.event) == 0) {
      throw Unusable{"line " + std::to_string(parser_.problem_mark.line + 1) + ": " +
                     (parser_.problem != nullptr ? parser_.problem : "no YAML")};
    }
    return event;
  }

  [[noreturn]] static void refuse(const Event& event, const std::string& why) {
    throw Unusable{"line " + std::to_string(event->start_mark.line + 1) + ": " + why};
  }

  static std::string text_of(const Event& event) {
    const auto& scalar = event->data.scalar;
    return {reinterpret_cast<const char*>(scalar.value), scalar.length};
  }

  static json scalar(const Event& event) {
    const std::string text = text_of(event);
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return text;
    if (text == "true") return true;
    if (text == "false") return false;
    if (text.empty() || text == "null" || text == "~") return nullptr;
    return text;
  }

  json value(const Event& event, int depth) {
    if (depth > depth_max) refuse(event, "nested too deep");
    switch (event->type) {
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT: {
        json list = json::array();
        for (Event item = next(); item->type != YAML_SEQUENCE_END_EVENT; item = next()) {
          list.push_back(value(item, depth + 1));
        }
        return list;
      }
      case YAML_MAPPING_START_EVENT: {
        json object = json::object();
        for (Event key = next(); key->type != YAML_MAPPING_END_EVENT; key = next()) {
          if (key->type != YAML_SCALAR_EVENT) refuse(key, "a key that is no text");
          const Event item = next();
          object[text_of(key)] = value(item, depth + 1);
        }
        return object;
      }
      default:
        refuse(event, "an alias or an anchor, which no kubeconfig needs");
    }
  }

  yaml_parser_t parser_{};
};

}  // namespace

std::variant<json, ConfigError> parse_yaml(std::string_view text) {
  try {
    return Parser(text).document();
  } catch (const Unusable& unusable) {
    return ConfigError{unusable.message};
  }
}

}  // namespace waiter::net

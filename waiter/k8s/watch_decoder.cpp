#include "waiter/k8s/watch_decoder.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "waiter/k8s/status.hpp"
#include "waiter/k8s/wanted_json.hpp"

namespace waiter::k8s {
namespace {

using nlohmann::json;

std::string version_of(const json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return "";
  const auto version = metadata->find("resourceVersion");
  return version != metadata->end() && version->is_string() ? version->get<std::string>() : "";
}

WatchItem decode_change(core::Resource resource, SliceEvent::Type type, const json& object) {
  auto decoded = decode_object(resource, object);
  if (auto* error = std::get_if<DecodeError>(&decoded)) return std::move(*error);
  return SliceEvent{type, std::get<core::Slice>(std::move(decoded))};
}

/// metadata.annotations of the bookmark that ends the initial events (KEP-3157).
bool ends_initial_events(const json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return false;
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return false;
  const auto mark = annotations->find("k8s.io/initial-events-end");
  return mark != annotations->end() && *mark == "true";
}

WatchItem decode_event(core::Resource resource, std::string_view line) {
  const json event = parse_wanted(line);
  if (!event.is_object()) return DecodeError{"a line of the watch is no JSON object"};
  const auto type = event.find("type");
  const auto object = event.find("object");
  if (type == event.end() || !type->is_string() || object == event.end() || !object->is_object()) {
    return DecodeError{"a line of the watch is no event"};
  }
  const std::string& name = type->get_ref<const std::string&>();
  if (name == "ADDED") return decode_change(resource, SliceEvent::Type::added, *object);
  if (name == "MODIFIED") return decode_change(resource, SliceEvent::Type::modified, *object);
  if (name == "DELETED") return decode_change(resource, SliceEvent::Type::deleted, *object);
  if (name == "ERROR") return ErrorEvent{decode_status(*object)};
  if (name == "BOOKMARK") {
    std::string version = version_of(*object);
    if (version.empty()) return DecodeError{"a bookmark without a resourceVersion"};
    return BookmarkEvent{std::move(version), ends_initial_events(*object)};
  }
  return DecodeError{"an event of the unknown type \"" + name.substr(0, 40) + "\""};
}

}  // namespace

std::vector<WatchItem> WatchDecoder::feed(std::string_view bytes) {
  std::vector<WatchItem> items;
  while (!bytes.empty() && !failed_) {
    const auto newline = bytes.find('\n');
    const auto piece = bytes.substr(0, newline);
    if (line_.size() + piece.size() > line_size_max) {
      items.emplace_back(DecodeError{"a line of the watch is longer than 3 MiB"});
      failed_ = true;
      break;
    }
    if (newline == std::string_view::npos) {
      line_.append(piece);
      break;
    }
    bytes.remove_prefix(newline + 1);
    if (line_.empty()) {
      take_line(piece, items);
    } else {
      line_.append(piece);
      const std::string line = std::exchange(line_, {});
      take_line(line, items);
    }
  }
  return items;
}

void WatchDecoder::take_line(std::string_view line, std::vector<WatchItem>& items) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return;
  items.push_back(decode_event(resource_, line));
  failed_ = std::holds_alternative<ErrorEvent>(items.back()) ||
            std::holds_alternative<DecodeError>(items.back());
}

}  // namespace waiter::k8s

// One stored version of an API object. It never changes, so its text is made once, on first use,
// and shared by every answer and every watch that carries it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/message.hpp"

namespace fakeapi::cluster {

enum class EventType { added, modified, deleted };

/// "ADDED", "MODIFIED", "DELETED".
std::string_view event_name(EventType type);

class Object {
 public:
  /// `content` holds kind, apiVersion and metadata with name and resourceVersion.
  explicit Object(std::shared_ptr<const nlohmann::json> content);

  const nlohmann::json& json() const { return *content_; }
  const std::shared_ptr<const nlohmann::json>& content() const { return content_; }
  const std::string& name() const { return name_; }
  const std::string& namespace_name() const { return namespace_; }
  const std::string& uid() const { return uid_; }
  std::uint64_t version() const { return version_; }

  /// The object as a response body: wire text and a line break.
  const Bytes& body() const;
  /// The object inside a list: without kind and apiVersion, without a line break.
  std::string item() const;
  /// The object as one line of a watch.
  const Bytes& line(EventType type) const;

 private:
  std::shared_ptr<const nlohmann::json> content_;
  std::string name_, namespace_, uid_;
  std::uint64_t version_ = 0;
  mutable Bytes body_;
  mutable std::array<Bytes, 3> lines_;
};

using ObjectPtr = std::shared_ptr<const Object>;

/// The label's value, or nullptr.
const std::string* find_label(const nlohmann::json& object, const std::string& key);

/// The value at a path of keys, or nullptr. Each key is looked up in an object; anything else ends
/// the search.
const nlohmann::json* find_at(const nlohmann::json& value, std::initializer_list<const char*> path);

/// The string at a path of keys; empty when there is none.
std::string string_at(const nlohmann::json& value, std::initializer_list<const char*> path);

}  // namespace fakeapi::cluster

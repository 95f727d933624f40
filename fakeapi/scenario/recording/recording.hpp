// What was seen of a cluster, from whatever source: a watch, the output of kubectl, a snapshot. The
// objects are whole here; reduce.hpp says what of them is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::scenario::recording {

struct Seen {
  cluster::Duration at{};  // since the start
  bool gone = false;       // deleted; of the object only kind and name count then
  nlohmann::json object;   // with kind and apiVersion
};

struct Recording {
  std::vector<nlohmann::json> initial;     // what was there at the start
  std::vector<Seen> changes;               // in the order in which they happened
  cluster::Duration length{};              // 0: until the last change
  std::string namespace_name = "default";  // of objects that the file need not give one
  std::string source;                      // "context prod of kubeconfig /root/.kube/config"
  std::string made_at;                     // RFC 3339; "" where it is not known
  std::vector<std::string> notes;          // sentences that a reader of the file must know
};

/// The four kinds whose objects a recording holds.
bool is_recorded(const nlohmann::json& object);

/// A text at `path` (keys) of an object; "" where there is none.
std::string text_at(const nlohmann::json& object, std::initializer_list<const char*> path);
/// Whatever is there; null where there is nothing.
const nlohmann::json& value_at(const nlohmann::json& object,
                               std::initializer_list<const char*> path);

/// "Pod", "default", "mysql-0": what tells objects apart.
struct Identity {
  std::string kind, namespace_name, name;
  auto operator<=>(const Identity&) const = default;
};
Identity identity_of(const nlohmann::json& object);

}  // namespace fakeapi::scenario::recording

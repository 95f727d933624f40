#include "waiter/k8s/wanted_json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace waiter::k8s {
namespace {

using nlohmann::json;

constexpr std::size_t depth_max = 64;

// Sorted, for a binary search.
constexpr std::array<std::string_view, 33> wanted = {
    "addressType",
    "addresses",
    "annotations",
    "code",
    "conditions",
    "continue",
    "details",
    "endpoints",
    "ip",
    "items",
    "k8s.io/initial-events-end",
    "kind",
    "kubernetes.io/service-name",
    "labels",
    "message",
    "metadata",
    "name",
    "notReadyAddresses",
    "object",
    "port",
    "ports",
    "protocol",
    "ready",
    "reason",
    "resourceVersion",
    "retryAfterSeconds",
    "serving",
    "spec",
    "subsets",
    "targetRef",
    "terminating",
    "type",
    "uid",
};

/// A handler for nlohmann's SAX parser: false ends the parse.
class WantedValues {
 public:
  json take() { return failed_ ? json(json::value_t::discarded) : std::move(root_); }

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(json::number_integer_t value) { return put(value); }
  bool number_unsigned(json::number_unsigned_t value) { return put(value); }
  bool number_float(json::number_float_t value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(json::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (skipped_ > 0) return true;
    skip_next_ = !std::binary_search(wanted.begin(), wanted.end(), name);
    if (!skip_next_) key_ = std::move(name);
    return true;
  }
  template <class Error>
  bool parse_error(std::size_t, const std::string&, const Error&) {
    failed_ = true;
    return false;
  }

 private:
  template <class Value>
  json* insert(Value&& value) {
    if (open_.empty()) {
      root_ = std::forward<Value>(value);
      return &root_;
    }
    json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::forward<Value>(value));
    return &(parent[key_] = std::forward<Value>(value));
  }

  template <class Value>
  bool put(Value&& value) {
    if (skipped_ > 0 || std::exchange(skip_next_, false)) return true;
    insert(std::forward<Value>(value));
    return true;
  }

  bool open(json container) {
    if (++depth_ > depth_max) {
      failed_ = true;
      return false;
    }
    if (skipped_ > 0 || std::exchange(skip_next_, false)) {
      ++skipped_;
      return true;
    }
    open_.push_back(insert(std::move(container)));
    return true;
  }

  bool close() {
    --depth_;
    if (skipped_ > 0) {
      --skipped_;
    } else {
      open_.pop_back();
    }
    return true;
  }

  json root_;
  std::vector<json*> open_;  // stable: only the last of them grows
  std::string key_;
  bool skip_next_ = false;
  std::size_t skipped_ = 0;  // containers that are open and not wanted
  std::size_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace

json parse_wanted(std::string_view text) {
  WantedValues values;
  const bool whole = json::sax_parse(text, &values);
  return whole ? values.take() : json(json::value_t::discarded);
}

}  // namespace waiter::k8s

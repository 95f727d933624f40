// What the handlers of the control API have in common: answers, and bodies by the language's own
// tables.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/message.hpp"
#include "fakeapi/scenario/language/check.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::run {

/// The controllers of the cluster have written what follows from a change so soon after it.
inline constexpr cluster::Duration controllers_follow = std::chrono::milliseconds(50);

wire::Exchange answered(cluster::Instant now, int status, const nlohmann::ordered_json& value);
/// A Status, as everywhere on this listener.
wire::Exchange refused(cluster::Instant now, int code, const char* reason, std::string message);
wire::Exchange bad_request(cluster::Instant now, std::string message);

std::optional<std::string> too_large(const cluster::Request& request);

/// A body in JSON or YAML that has the keys of a mapping; an empty body has none of them.
class Body {
 public:
  Body(const cluster::Request& request, const scenario::Mapping& mapping);

  /// The value of a key, if it is there.
  std::optional<std::string> text(std::string_view key) const;

  std::optional<std::string> error;  // with line and column

 private:
  scenario::Node root_;
  std::optional<scenario::Report> report_;
  std::optional<scenario::Checked> checked_;
};

const scenario::Mapping& version_mapping();
const scenario::Mapping& disconnect_mapping();
const scenario::Mapping& seek_mapping();
const scenario::Mapping& speed_mapping();
const scenario::Mapping& event_mapping();

}  // namespace fakeapi::run

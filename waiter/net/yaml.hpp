// YAML as nlohmann's JSON values, for kubeconfig files. libyaml does the parsing: it is a small C
// library, and the engine's image is judged by its size.
#pragma once

#include <string_view>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "waiter/net/file.hpp"

namespace waiter::net {

/// The first document. Scalars become strings, but plain true, false and null (a kubeconfig has
/// nothing else); anchors, aliases and nesting deeper than 32 are errors.
std::variant<nlohmann::json, ConfigError> parse_yaml(std::string_view text);

}  // namespace waiter::net

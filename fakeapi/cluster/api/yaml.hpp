// YAML in bodies and answers (sigs.k8s.io/yaml): read as JSON, and written as that library does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster {

/// One document as JSON; nothing when the text is no YAML or is too much of it.
std::optional<nlohmann::json> parse_yaml(std::string_view text);

/// Block style, keys in order, two spaces.
std::string yaml_text(const nlohmann::json& value);

}  // namespace fakeapi::cluster

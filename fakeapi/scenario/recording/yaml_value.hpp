// JSON values as YAML that readers of YAML 1.1 and 1.2 take for the same: texts stand in double
// quotes, and what fits on a line stands on one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::scenario::recording {

/// In double quotes, escaped as both versions of YAML and JSON read it.
std::string quoted_text(std::string_view text);

/// The value, whose first line continues one that is `indent` columns wide already; further lines
/// are indented by `indent`. Ends with a line break.
std::string yaml_value(const nlohmann::json& value, std::size_t indent);

}  // namespace fakeapi::scenario::recording

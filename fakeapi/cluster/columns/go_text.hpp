// How Go prints a JSON value into a text: fmt.Print for scalars, encoding/json for the rest.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::columns {

/// client-go jsonpath PrintResults: texts bare, "1e+06" for a million with a decimal point in it,
/// objects and lists as compact JSON, "<no value>" for null.
std::string go_text(const nlohmann::json& value);

}  // namespace fakeapi::cluster::columns

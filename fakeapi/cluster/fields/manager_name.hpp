// Who writes: the fieldManager parameter of a request, or else what its client calls itself.
#pragma once

#include <string>
#include <string_view>

#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster::fields {

/// The parameter when it is there; otherwise the User-Agent up to its first slash, without what is
/// not printable, at most 128 bytes of it (apiserver endpoints/handlers/create.go,
/// managerOrUserAgent).
std::string manager_name(std::string_view field_manager, std::string_view user_agent);

/// What is wrong with the name of a manager (meta/v1/validation, ValidateFieldManager).
FieldErrors validate_field_manager(std::string_view name, std::string_view field);

}  // namespace fakeapi::cluster::fields

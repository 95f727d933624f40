// From a CustomResourceDefinition to rows of the table of kinds: one for each version.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster::custom {

/// Makes, changes or takes out of service the rows of a definition that is Established.
void serve(Kinds& kinds, const nlohmann::json& definition);
/// None of its versions is served any more.
void withdraw(Kinds& kinds, const std::string& definition_uid);
/// The rows of a definition, served or not.
std::vector<const Kind*> rows_of(const Kinds& kinds, const std::string& definition_uid);

}  // namespace fakeapi::cluster::custom

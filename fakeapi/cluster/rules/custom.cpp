// CustomResourceDefinitions and the objects that they define.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster::rules {

Rules custom_definition_rules() { return {}; }
Rules custom_resource_rules() { return {}; }

}  // namespace fakeapi::cluster::rules

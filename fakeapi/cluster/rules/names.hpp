// Which names and labels Kubernetes accepts, and what it says of the others (apimachinery
// util/validation).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::cluster::names {

/// Each returns what is wrong, one text for each error; nothing when all is well. `prefix` is for
/// generateName, which may end in a dash.
std::vector<std::string> dns_subdomain(std::string_view name, bool prefix);
std::vector<std::string> dns_label(std::string_view name, bool prefix);
std::vector<std::string> dns_1035_label(std::string_view name, bool prefix);
std::vector<std::string> port_name(std::string_view name);
/// Whatever can stand between two slashes: the names of RBAC objects.
std::vector<std::string> path_segment(std::string_view name, bool prefix);

std::vector<std::string> label_key(std::string_view key);
std::vector<std::string> label_value(std::string_view value);

}  // namespace fakeapi::cluster::names

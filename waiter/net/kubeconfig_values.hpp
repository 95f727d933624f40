// Values of a kubeconfig, each with the folder that its relative paths start from. What cannot be
// used is thrown as Unusable and ends in kubeconfig.cpp.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "waiter/net/cluster_access.hpp"

namespace waiter::net {

struct Unusable {
  std::string message;
};

/// The text at `key`, "" where it is absent; true and false are texts as well.
std::string text_of(const nlohmann::json& object, const char* key);

/// A path with a slash in front is absolute; "" stays "".
std::string path_from(const std::string& folder, const std::string& path);

/// KEY-data holds the text itself in base64 and wins over KEY, a path.
Material material_of(const nlohmann::json& object, const std::string& key,
                     const std::string& folder);

std::string encode_base64(const std::string& bytes);

/// How the user of a kubeconfig authenticates. `cluster` is for a plugin that wants to know it.
void take_user(const nlohmann::json& user, const std::string& folder, const nlohmann::json& cluster,
               ClusterAccess& access);

}  // namespace waiter::net

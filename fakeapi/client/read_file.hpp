// Small files of a user: kubeconfigs, tokens, certificates.
#pragma once

#include <string>

#include "fakeapi/client/access.hpp"

namespace fakeapi::client {

/// At most 16 MiB: a kubeconfig of hundreds of clusters with their CAs has one.
Or<std::string> read_small_file(const std::string& path);

}  // namespace fakeapi::client

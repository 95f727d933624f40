// The address of an API server as a kubeconfig writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waiter::net {

struct ServerUrl {
  std::string host;  // without brackets
  int port = 443;
  std::string path_prefix;  // without a slash at its end
};

/// https://HOST[:PORT][/PATH]; nothing for every other form.
std::optional<ServerUrl> parse_https_url(std::string_view url);

/// 1 to 65535 in decimal, or nothing.
std::optional<int> parse_port(std::string_view text);

}  // namespace waiter::net

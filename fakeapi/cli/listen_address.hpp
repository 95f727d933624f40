// The value of --listen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cli {

struct ListenAddress {
  std::string host;  // numeric, without brackets
  int port = 0;
};

/// 127.x.y.z:PORT, [::1]:PORT or localhost:PORT; nothing for every other text: a fake with known
/// tokens must not be reachable from other machines by mistake.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace fakeapi::cli

// The value of --listen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cli {

struct ListenAddress {
  std::string host;  // numeric, without brackets
  int port = 0;
  bool is_loopback = false;  // no other machine reaches it
};

/// A numeric address and a port, as 127.0.0.1:PORT, [::1]:PORT or 0.0.0.0:PORT, or localhost:PORT.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace fakeapi::cli

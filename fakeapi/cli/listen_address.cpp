#include "fakeapi/cli/listen_address.hpp"

#include <arpa/inet.h>
#include <charconv>

namespace fakeapi::cli {
namespace {

/// Nothing for what is no numeric address.
std::optional<bool> is_loopback(const std::string& host) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) != 1) return std::nullopt;
  return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  ListenAddress address;
  address.host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  const auto loopback = is_loopback(address.host);
  if (address.port < 0 || address.port > 65535 || !loopback) return std::nullopt;
  address.is_loopback = *loopback;
  return address;
}

}  // namespace fakeapi::cli

#include "waiter/net/url.hpp"

#include <charconv>

namespace waiter::net {

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return std::nullopt;
  return port;
}

std::optional<ServerUrl> parse_https_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (url.substr(0, scheme.size()) != scheme) return std::nullopt;
  url.remove_prefix(scheme.size());
  ServerUrl result;
  const auto slash = url.find('/');
  if (slash != std::string_view::npos) {
    result.path_prefix = url.substr(slash);
    while (!result.path_prefix.empty() && result.path_prefix.back() == '/')
      result.path_prefix.pop_back();
    url = url.substr(0, slash);
  }
  std::string_view port;
  if (!url.empty() && url.front() == '[') {
    const auto bracket = url.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    result.host = url.substr(1, bracket - 1);
    port = url.substr(bracket + 1);
  } else {
    const auto colon = url.find(':');
    result.host = url.substr(0, colon);
    if (colon != std::string_view::npos) port = url.substr(colon);
  }
  if (result.host.empty() || result.host.find_first_of(" @?#") != std::string::npos)
    return std::nullopt;
  if (port.empty()) return result;
  const auto number = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!number) return std::nullopt;
  result.port = *number;
  return result;
}

}  // namespace waiter::net

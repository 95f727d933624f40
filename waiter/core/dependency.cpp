#include "waiter/core/dependency.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace waiter::core {
namespace {

constexpr std::size_t label_length_max = 63;  // RFC 1123 2.1, RFC 1035 2.3.4
constexpr int count_max = 100'000;            // more backends than a cluster can have Pods

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_or_digit(char c) { return is_lower(c) || is_digit(c); }

bool is_dns_1123_label(std::string_view text) {
  if (text.empty() || text.size() > label_length_max) return false;
  if (!is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_dns_1035_label(std::string_view text) {
  return is_dns_1123_label(text) && is_lower(text.front());
}

std::optional<int> parse_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_port_number(std::string_view text) {
  const auto number = parse_number(text);
  return number && *number >= 1 && *number <= 65535 && std::to_string(*number) == text;
}

/// The name of a Service's port is a DNS label (API documentation of EndpointPort.name), and not
/// the shorter kind that a container's port has. One of digits only would be taken for a number.
bool is_port_name(std::string_view text) {
  return is_dns_1123_label(text) && !std::all_of(text.begin(), text.end(), is_digit);
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::optional<Minimum> parse_minimum(std::string_view text) {
  if (text == "all") return Minimum{Minimum::Unit::all, 0};
  const bool percent = text.size() > 1 && text.back() == '%';
  const auto number = parse_number(percent ? text.substr(0, text.size() - 1) : text);
  if (!number || *number < 1 || *number > (percent ? 100 : count_max)) return std::nullopt;
  return Minimum{percent ? Minimum::Unit::percent : Minimum::Unit::count, *number};
}

/// Cuts what follows the last `separator` off `text`; nothing when there is no separator.
std::optional<std::string_view> cut_after(std::string_view& text, char separator) {
  const auto at = text.rfind(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const auto rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

}  // namespace

int Minimum::needed(int total) const {
  switch (unit) {
    case Unit::count:
      return value;
    case Unit::percent:
      return std::max(1, static_cast<int>((static_cast<long long>(total) * value + 99) / 100));
    case Unit::all:
      return std::max(1, total);
  }
  return value;
}

std::variant<Dependency, DependencyError> parse_dependency(std::string_view text,
                                                           std::string_view default_namespace) {
  const auto fail = [text](const std::string& why) {
    return DependencyError{"dependency " + quoted(text) + ": " + why};
  };
  Dependency result;
  std::string_view rest = text;
  if (const auto minimum = cut_after(rest, '@')) {
    const auto parsed = parse_minimum(*minimum);
    if (!parsed) {
      return fail("the minimum " + quoted(*minimum) +
                  " is not a number from 1, a percentage from 1% to 100%, or all");
    }
    result.minimum = *parsed;
  }
  if (const auto port = cut_after(rest, ':')) {
    if (!is_port_number(*port) && !is_port_name(*port)) {
      return fail("the port " + quoted(*port) +
                  " is neither a number from 1 to 65535 nor a port's name");
    }
    result.port = *port;
  }
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    result.namespace_name = rest.substr(0, slash);
    rest = rest.substr(slash + 1);
  } else {
    result.namespace_name = default_namespace;
  }
  if (!is_dns_1123_label(result.namespace_name)) {
    return fail("the namespace " + quoted(result.namespace_name) +
                " is no DNS label (lower-case letters, digits and '-', at most 63 characters)");
  }
  if (!is_dns_1035_label(rest)) {
    return fail("the Service name " + quoted(rest) +
                " is no DNS label (lower-case letters, digits and '-', a letter first, at most 63 "
                "characters)");
  }
  result.service = rest;
  return result;
}

std::string to_string(const Dependency& dependency) {
  std::string text = dependency.namespace_name + "/" + dependency.service;
  if (!dependency.port.empty()) text += ":" + dependency.port;
  const Minimum& minimum = dependency.minimum;
  if (minimum == Minimum{}) return text;
  if (minimum.unit == Minimum::Unit::all) return text + "@all";
  return text + "@" + std::to_string(minimum.value) +
         (minimum.unit == Minimum::Unit::percent ? "%" : "");
}

}  // namespace waiter::core

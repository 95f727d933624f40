// What the user waits for: [NAMESPACE/]SERVICE[:PORT][@MIN].
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace waiter::core {

/// How many backends must be ready.
struct Minimum {
  enum class Unit { count, percent, all };
  Unit unit = Unit::count;
  int value = 1;  // backends (at least 1) or percent (1 to 100); unused for `all`

  /// The number of ready backends that is needed when there are `total`; never less than 1, so that
  /// an empty Service is never ready.
  int needed(int total) const;
  friend bool operator==(const Minimum&, const Minimum&) = default;
};

struct Dependency {
  std::string namespace_name;
  std::string service;
  std::string port;  // a port's name or its number in the EndpointSlices (the target port); empty:
                     // every port
  Minimum minimum;
  friend bool operator==(const Dependency&, const Dependency&) = default;
};

/// Why a text is no dependency, in words for the user.
struct DependencyError {
  std::string message;
};

/// Names must be what the API accepts (RFC 1123 label for a Namespace, RFC 1035 label for a
/// Service, IANA service name or number for a port): a typing error is found here and not after an
/// endless wait.
std::variant<Dependency, DependencyError> parse_dependency(std::string_view text,
                                                           std::string_view default_namespace);

/// The canonical text: namespace always, port and minimum where they are not the default.
std::string to_string(const Dependency& dependency);

}  // namespace waiter::core

// Small files as texts: token, CA, namespace, kubeconfig.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace waiter::net {

/// Why something from the user's surroundings cannot be used: what, on which file, and what to do.
struct ConfigError {
  std::string message;
};

/// The largest file that is read; a CA bundle with every public CA has a quarter of it.
constexpr std::size_t file_size_max = 1024U * 1024;

std::variant<std::string, ConfigError> read_file(const std::string& path);

/// The text without white space around it: mounted files end in a newline or do not.
std::string trimmed(const std::string& text);

/// A bearer token: the file's text without white space around it; an empty one, or one that no
/// header can carry (control characters), is an error.
std::variant<std::string, ConfigError> read_token(const std::string& path);

}  // namespace waiter::net

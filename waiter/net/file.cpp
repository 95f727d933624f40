#include "waiter/net/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace waiter::net {
namespace {

ConfigError cannot_read(const std::string& path, const std::string& why) {
  return ConfigError{"cannot read " + path + ": " + why};
}

}  // namespace

std::string trimmed(const std::string& text) {
  constexpr const char* white = " \t\r\n";
  const auto first = text.find_first_not_of(white);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::variant<std::string, ConfigError> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             std::fclose);
  if (!file) return cannot_read(path, std::strerror(errno));
  std::string text;
  char buffer[16384];
  std::size_t got = 0;
  while ((got = std::fread(buffer, 1, sizeof buffer, file.get())) > 0) {
    text.append(buffer, got);
    if (text.size() > file_size_max) return cannot_read(path, "it is larger than 1 MiB");
  }
  if (std::ferror(file.get()) != 0) return cannot_read(path, std::strerror(errno));
  return text;
}

std::variant<std::string, ConfigError> read_token(const std::string& path) {
  auto text = read_file(path);
  if (auto* error = std::get_if<ConfigError>(&text)) {
    error->message = "token: " + error->message;
    return std::move(*error);
  }
  std::string token = trimmed(std::get<std::string>(text));
  if (token.empty()) return ConfigError{"token: " + path + " is empty"};
  const bool printable =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!printable) return ConfigError{"token: " + path + " holds characters that no token has"};
  return token;
}

}  // namespace waiter::net

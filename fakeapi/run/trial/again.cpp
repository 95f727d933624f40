#include "fakeapi/run/trial/again.hpp"

#include <fmt/format.h>

namespace fakeapi::run {
namespace {

std::string flags(const RunOptions& options) {
  std::string text;
  const ServerOptions& server = options.server;
  if (server.speed != 1) text += fmt::format(" --speed {}", server.speed);
  if (server.only == fault::Faithfulness::network) text += " --only network";
  if (server.only < fault::Faithfulness::network) text += " --only real";
  if (server.account_is_current)
    text += *server.account_is_current ? " --as serviceaccount" : " --as admin";
  if (options.pods == PodNetwork::real) text += " --pods real";
  if (options.pods == PodNetwork::loopback) text += " --pods loopback";
  if (options.pods == PodNetwork::none) text += " --pods none";
  return text;
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+.,:/@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos)
    return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string again(const RunOptions& options, std::string_view scenario_path, std::uint64_t seed) {
  std::string text = fmt::format("fakeapi run --seed {}{} {} --", seed, flags(options),
                                 shell_quoted(scenario_path));
  for (const std::string& word : options.command) text += " " + shell_quoted(word);
  return text;
}

}  // namespace fakeapi::run

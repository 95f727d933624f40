#include "fakeapi/cli/help.hpp"

#include <cstdio>

namespace fakeapi::cli {
namespace {

constexpr std::size_t left_column = 30;  // of CLI11's formatter
constexpr std::size_t right_column = 80 - left_column;

}  // namespace

std::string wrapped(std::string_view description) {
  std::string text;
  std::size_t used = 0;
  while (!description.empty()) {
    const auto space = description.find(' ');
    const auto word = description.substr(0, space);
    if (used > 0 && used + 1 + word.size() > right_column) {
      text += '\n';  // the formatter indents what follows
      used = 0;
    }
    if (used > 0) text += ' ';
    text += word;
    used += word.size() + (used > 0 ? 1 : 0);
    description = space == std::string_view::npos ? "" : description.substr(space + 1);
  }
  return text;
}

run::ExitCode wrong(const std::string& message) {
  std::fprintf(stderr, "fakeapi: %s\n", message.c_str());
  return run::ExitCode::usage;
}

}  // namespace fakeapi::cli

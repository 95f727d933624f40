#include "fakeapi/run/report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/ioctl.h>
#include <unistd.h>
#include <variant>

#include "fakeapi/lanes/event.hpp"
#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg.hpp"
#include "fakeapi/lanes/text.hpp"

namespace fakeapi::run {
namespace {

ExitCode fail(ExitCode code, const std::string& message) {
  std::fprintf(stderr, "fakeapi: %s\n", message.c_str());
  return code;
}

int terminal_width() {
  winsize size{};
  constexpr int unknown = 100;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : unknown;
}

/// Whole or not at all.
bool write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (file && std::rename(temporary.c_str(), path.c_str()) == 0) return true;
  std::remove(temporary.c_str());
  return false;
}

}  // namespace

ExitCode report(const ReportOptions& options) {
  std::vector<lanes::Event> events;
  for (const std::string& path : options.logs) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return fail(ExitCode::usage, "cannot read the event log " + path);
    auto parsed = lanes::parse_log(text.str());
    if (const auto* error = std::get_if<lanes::LogError>(&parsed)) {
      return fail(ExitCode::usage,
                  path + ":" + std::to_string(error->line) + ": " + error->message);
    }
    auto& more = std::get<std::vector<lanes::Event>>(parsed);
    events.insert(events.end(), more.begin(), more.end());
  }
  std::stable_sort(events.begin(), events.end(), [](const lanes::Event& a, const lanes::Event& b) {
    return a.at_seconds < b.at_seconds;
  });
  const lanes::Picture picture = lanes::make_picture(events);
  const bool terminal = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  const lanes::TextStyle style{options.colour.value_or(terminal),
                               options.width > 0 ? options.width : terminal_width()};
  std::fputs(lanes::to_text(picture, style).c_str(), stdout);
  if (!options.svg.empty() && !write_file(options.svg, lanes::to_svg(picture))) {
    return fail(ExitCode::usage, "cannot write " + options.svg);
  }
  return ExitCode::ok;
}

}  // namespace fakeapi::run

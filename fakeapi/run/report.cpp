#include "fakeapi/run/report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>
#include <variant>

#include "fakeapi/lanes/event.hpp"
#include "fakeapi/lanes/html.hpp"
#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg.hpp"
#include "fakeapi/lanes/text.hpp"
#include "fakeapi/run/files.hpp"

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

}  // namespace

ExitCode report(const ReportOptions& options) {
  std::vector<lanes::Event> events;
  for (const std::string& path : options.logs) {
    const auto text = read_file(path);
    if (const auto* error = std::get_if<FileError>(&text))
      return fail(ExitCode::usage, error->message);
    auto parsed = lanes::parse_log(std::get<std::string>(text));
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
  if (std::fflush(stdout) != 0)
    return fail(ExitCode::internal, "standard output cannot be written");
  std::optional<FileError> error;
  if (!options.svg.empty()) error = write_file(options.svg, lanes::to_svg(picture), 0644);
  if (!error && !options.html.empty())
    error = write_file(options.html, lanes::to_html(events), 0644);
  return error ? fail(ExitCode::usage, error->message) : ExitCode::ok;
}

}  // namespace fakeapi::run

// fakeapi report: an event log as a picture, on standard output as text and in files as SVG and as
// an HTML page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakeapi/run/exit_code.hpp"

namespace fakeapi::run {

struct ReportOptions {
  std::vector<std::string> logs;
  std::string svg;             // "" for none
  std::string html;            // "" for none
  std::optional<bool> colour;  // nothing: when standard output is a terminal
  int width = 0;               // 0: the terminal's, or 100
};

ExitCode report(const ReportOptions& options);

}  // namespace fakeapi::run

// The static parts of the HTML report, in the order in which they stand in it: the style sheet and
// the scripts (cmake/Embed.cmake makes the definition).
#pragma once

#include <string_view>
#include <vector>

namespace fakeapi::lanes::page {

struct EmbeddedFile {
  std::string_view name;  // "report.css"
  std::string_view text;
  std::string_view hash;  // "sha256-...", as a Content-Security-Policy names it
};

std::vector<EmbeddedFile> embedded_files();

}  // namespace fakeapi::lanes::page

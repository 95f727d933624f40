// What the live page has besides the report's renderer, in the order in which it stands in the page
// (cmake/Embed.cmake makes the definition).
#pragma once

#include <string_view>
#include <vector>

namespace fakeapi::run::page {

struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
  std::string_view hash;  // "sha256-...", as a Content-Security-Policy names it
};

std::vector<EmbeddedFile> embedded_files();

}  // namespace fakeapi::run::page

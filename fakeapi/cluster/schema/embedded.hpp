// Files that are part of the program (cmake/Embed.cmake makes the definition).
#pragma once

#include <string_view>
#include <vector>

namespace fakeapi::cluster::schema {

struct EmbeddedFile {
  std::string_view name;   // "apis_apps_v1.json.gz"
  std::string_view bytes;  // as in the file, compressed
};

std::vector<EmbeddedFile> embedded_files();

}  // namespace fakeapi::cluster::schema

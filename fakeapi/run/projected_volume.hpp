// A directory whose files change all at once, as kubelet writes projected volumes: each file is a
// link through `..data`, and that is a link to the newest set of files, renamed into its place
// (kubernetes pkg/volume/util/atomic_writer.go).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fakeapi::run {

struct ProjectedFile {
  std::string name;
  std::string text;
  int mode = 0644;
};

/// Makes the directory hold these files and no older version of them. It must exist. A reader sees
/// all files of before or all of after. The text says what failed; the files are then those of
/// before.
std::optional<std::string> write_projected(const std::string& directory,
                                           const std::vector<ProjectedFile>& files);

}  // namespace fakeapi::run

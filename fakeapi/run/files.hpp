// Whole files in and out, with the system's own words where that fails.
#pragma once

#include <optional>
#include <string>
#include <variant>

namespace fakeapi::run {

struct FileError {
  std::string message;  // "cannot read x.yaml: No such file or directory"
};

std::variant<std::string, FileError> read_file(const std::string& path);

/// Whole or not at all: through a temporary file beside it that is renamed. What exists and is no
/// regular file (a device, a pipe) is written to as it is, and never replaced.
std::optional<FileError> write_file(const std::string& path, const std::string& text, int mode);

}  // namespace fakeapi::run

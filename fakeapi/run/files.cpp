#include "fakeapi/run/files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fakeapi::run {
namespace {

FileError because(const char* what, const std::string& path) {
  return {std::string("cannot ") + what + " " + path + ": " + std::strerror(errno)};
}

bool write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto got = ::write(file, text.data() + done, text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

std::variant<std::string, FileError> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return because("read", path);
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const auto got = ::read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      FileError error = because("read", path);
      ::close(file);
      return error;
    }
    if (got == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(file);
  return text;
}

std::optional<FileError> write_file(const std::string& path, const std::string& text, int mode) {
  const bool special = is_special(path);
  const std::string written = special ? path : path + ".new";
  const int flags = O_WRONLY | O_CLOEXEC | (special ? 0 : O_CREAT | O_TRUNC);
  const int file = ::open(written.c_str(), flags, mode);
  if (file < 0) return because("write", path);
  const bool done = write_all(file, text);
  std::optional<FileError> error;
  if (!done) error = because("write", path);
  if (::close(file) != 0 && !error) error = because("write", path);
  if (special) return error;
  if (!error && std::rename(written.c_str(), path.c_str()) != 0) error = because("write", path);
  if (error) ::unlink(written.c_str());
  return error;
}

}  // namespace fakeapi::run

#include "fakeapi/client/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace fakeapi::client {
namespace {

constexpr std::size_t bytes_max = 16U << 20U;

}  // namespace

Or<std::string> read_small_file(const std::string& path) {
  const auto because = [&](const char* why) { return Problem{"cannot read " + path + ": " + why}; };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return because(std::strerror(errno));
  std::string text;
  std::array<char, 16384> piece;
  ssize_t got = 0;
  do {
    got = ::read(file, piece.data(), piece.size());
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
  } while ((got > 0 || (got < 0 && errno == EINTR)) && text.size() <= bytes_max);
  const int failed = errno;
  ::close(file);
  if (got < 0) return because(std::strerror(failed));
  if (text.size() > bytes_max) return because("it is larger than 16 MiB");
  return text;
}

}  // namespace fakeapi::client

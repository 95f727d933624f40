#include "waiter/run/install.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace waiter::run {
namespace {

constexpr const char* own_program = "/proc/self/exe";
constexpr const char* name = "wait-for-endpoints";
// For every user: the containers of a Pod may run as different ones.
constexpr mode_t mode = 0555;
using Block = std::array<char, 64U * 1024>;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (is_open()) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

File open_to_read(const std::string& path) {
  return File(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

/// Fills the block as far as the file goes; -1 for an error.
ssize_t read_block(const File& file, Block& block) {
  std::size_t size = 0;
  while (size < block.size()) {
    const ssize_t got = ::read(file.descriptor(), block.data() + size, block.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

bool write_block(const File& file, const Block& block, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t written = ::write(file.descriptor(), block.data() + done, size - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return true;
}

bool same_bytes(const File& one, const File& other) {
  Block first;
  Block second;
  for (;;) {
    const ssize_t size = read_block(one, first);
    if (size < 0 || size != read_block(other, second)) return false;
    if (size == 0) return true;
    if (!std::equal(first.begin(), first.begin() + size, second.begin())) return false;
  }
}

/// What cannot be read is not equal: it is replaced, and an error that matters comes up then.
bool is_installed(const File& program, const std::string& path) {
  const File there = open_to_read(path);
  struct stat ours {};
  struct stat theirs {};
  if (!there.is_open() || ::fstat(program.descriptor(), &ours) != 0) return false;
  if (::fstat(there.descriptor(), &theirs) != 0 || !S_ISREG(theirs.st_mode)) return false;
  if (ours.st_size != theirs.st_size || (theirs.st_mode & 07777) != mode) return false;
  return same_bytes(program, there);
}

bool copy(const File& from, const File& to) {
  Block block;
  if (::lseek(from.descriptor(), 0, SEEK_SET) != 0) return false;
  for (;;) {
    const ssize_t size = read_block(from, block);
    if (size <= 0) return size == 0;
    if (!write_block(to, block, static_cast<std::size_t>(size))) return false;
  }
}

/// The whole file or nothing: it is complete on the disk before it has its name. Nobody who is
/// executing the old one is disturbed (writing into that would be ETXTBSY).
bool write_under(const std::string& temporary, const File& file, const File& program,
                 const std::string& path) {
  return copy(program, file) && ::fchmod(file.descriptor(), mode) == 0 &&
         ::fsync(file.descriptor()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
}

std::string advice(int error) {
  switch (error) {
    case ENOENT:
      return ". Is the volume mounted there?";
    case ENOTDIR:
      return ". Name the folder, not the file";
    case EACCES:
    case EPERM:
      return ". May user " + std::to_string(::geteuid()) +
             " write there (fsGroup, or an emptyDir volume)?";
    case EROFS:
      return ". Mount the volume without readOnly in this container";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ". The volume needs room for the program, about 8 MiB";
    case EISDIR:
      return ". Remove the folder of that name";
    default:
      return "";
  }
}

std::string cannot(const std::string& what, int error) {
  return "cannot " + what + ": " + std::strerror(error) + advice(error);
}

}  // namespace

std::optional<std::string> install(const std::string& directory) {
  const std::string path = directory + "/" + name;
  const File program(::open(own_program, O_RDONLY | O_CLOEXEC));
  if (!program.is_open()) {
    return std::string("cannot read this program at ") + own_program + ": " + std::strerror(errno) +
           ". Is /proc mounted?";
  }
  if (is_installed(program, path)) return std::nullopt;
  const File folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return cannot("open the folder " + directory, errno);
  // A name of its own: two containers may install at the same time.
  std::string temporary = directory + "/." + name + ".XXXXXX";
  const File file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return cannot("create a file in " + directory, errno);
  if (!write_under(temporary, file, program, path)) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return cannot("write " + path, error);
  }
  // The name as well as the bytes: a node may lose its power right after.
  if (::fsync(folder.descriptor()) != 0) return cannot("sync the folder " + directory, errno);
  return std::nullopt;
}

}  // namespace waiter::run

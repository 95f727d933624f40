#include "fakeapi/run/trial/work_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fakeapi::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* prefix = "fakeapi-run.";

// A run makes its folder and then locks it; between the two, another may take it for abandoned.
// Each such loss needs a run that begins in these microseconds.
constexpr int attempts_max = 100;

// Absolute: the command may change its own folder.
std::string temporary_folder() {
  const char* named = std::getenv("TMPDIR");
  const std::string folder = named != nullptr && *named != '\0' ? named : "/tmp";
  std::error_code failed;
  const fs::path absolute = fs::absolute(folder, failed).lexically_normal();
  return failed ? folder : absolute.string();
}

server::UniqueFd locked(const std::string& folder) {
  server::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (fd.valid() && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return server::UniqueFd();
  return fd;
}

bool is_at(const server::UniqueFd& folder, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(folder.get(), &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino;
}

// Ours by name, by owner, and nobody's by its lock.
void remove_abandoned(const std::string& parent) {
  std::error_code ignored;
  for (fs::directory_iterator next(parent, ignored), end; !ignored && next != end;
       next.increment(ignored)) {
    const std::string path = next->path().string();
    struct stat status {};
    if (next->path().filename().string().rfind(prefix, 0) != 0) continue;
    if (::lstat(path.c_str(), &status) != 0 || status.st_uid != ::geteuid()) continue;
    const server::UniqueFd lock = locked(path);
    if (lock.valid()) fs::remove_all(path, ignored);
  }
}

}  // namespace

WorkFolder::WorkFolder() {
  const std::string parent = temporary_folder();
  remove_abandoned(parent);
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    std::string made = parent + "/" + prefix + "XXXXXX";
    if (::mkdtemp(made.data()) == nullptr) break;
    server::UniqueFd lock = locked(made);
    if (!lock.valid() || !is_at(lock, made)) continue;  // another run has removed it
    path_ = made;
    lock_ = std::move(lock);
    return;
  }
  error_ = "cannot make a folder in " + parent + ": " + std::strerror(errno);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace fakeapi::run

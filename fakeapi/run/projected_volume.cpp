#include "fakeapi/run/projected_volume.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

#include "fakeapi/run/files.hpp"

namespace fakeapi::run {
namespace {

std::string because(const std::string& what, const std::string& path) {
  return "cannot " + what + " " + path + ": " + std::strerror(errno);
}

/// What a link leads to; "" where there is none.
std::string target_of(const std::string& link) {
  std::array<char, PATH_MAX> text{};
  const ssize_t size = ::readlink(link.c_str(), text.data(), text.size());
  return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

std::optional<std::string> point(const std::string& link, const std::string& target) {
  const std::string fresh = link + "_tmp";
  ::unlink(fresh.c_str());
  if (::symlink(target.c_str(), fresh.c_str()) != 0) return because("make the link", fresh);
  if (::rename(fresh.c_str(), link.c_str()) == 0) return std::nullopt;
  const std::string error = because("replace", link);
  ::unlink(fresh.c_str());
  return error;
}

void remove_set(const std::string& set, const std::vector<ProjectedFile>& files) {
  for (const ProjectedFile& file : files) ::unlink((set + "/" + file.name).c_str());
  ::rmdir(set.c_str());
}

}  // namespace

std::optional<std::string> write_projected(const std::string& directory,
                                           const std::vector<ProjectedFile>& files) {
  std::string set = directory + "/..set.XXXXXX";
  if (::mkdtemp(set.data()) == nullptr) return because("write into", directory);
  ::chmod(set.c_str(), 0755);
  for (const ProjectedFile& file : files) {
    if (const auto error = write_file(set + "/" + file.name, file.text, file.mode)) {
      remove_set(set, files);
      return error->message;
    }
  }
  const std::string data = directory + "/..data";
  const std::string before = target_of(data);
  if (auto error = point(data, set.substr(set.rfind('/') + 1))) {
    remove_set(set, files);
    return error;
  }
  for (const ProjectedFile& file : files) {
    const std::string link = directory + "/" + file.name;
    const std::string target = "..data/" + file.name;
    if (target_of(link) == target) continue;
    if (auto error = point(link, target)) return error;
  }
  if (!before.empty()) remove_set(directory + "/" + before, files);
  return std::nullopt;
}

}  // namespace fakeapi::run

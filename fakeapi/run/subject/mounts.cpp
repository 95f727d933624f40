#include "fakeapi/run/subject/mounts.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fakeapi::run::subject {
namespace {

namespace fs = std::filesystem;

// /run and /var have some dozens. Each is a mount, and the kernel allows 100000 of them
// (fs.mount-max), of which the machine's own are copied as well.
constexpr std::size_t entries_max = 4096;
// For what the command writes into the shadowed folder: a few PID files and sockets.
constexpr const char* shadow_size = "64m";

struct Place {
  fs::path existing;
  std::vector<std::string> missing;  // innermost first
};

bool can_list(const fs::path& folder) { return ::access(folder.c_str(), R_OK | X_OK) == 0; }

// A folder that may not be listed cannot be shadowed entry by entry: the one above it is taken, and
// nothing is lost that could have been seen.
Place find_place(fs::path wanted) {
  Place place;
  for (;;) {
    std::error_code failed;
    place.existing = fs::canonical(wanted, failed);
    if (!failed && fs::is_directory(place.existing, failed) &&
        (place.missing.empty() || can_list(place.existing))) {
      return place;
    }
    if (wanted == wanted.root_path()) return {"/", std::move(place.missing)};
    place.missing.push_back(wanted.filename());
    wanted = wanted.parent_path();
  }
}

std::optional<MountPlan::Entry> entry_of(const fs::directory_entry& found) {
  std::error_code failed;
  MountPlan::Entry entry;
  entry.name = found.path().filename();
  entry.path = found.path();
  const fs::file_type type = found.symlink_status(failed).type();
  if (failed || type == fs::file_type::not_found) return std::nullopt;  // gone meanwhile
  if (type == fs::file_type::directory) entry.kind = MountPlan::Entry::Kind::folder;
  if (type != fs::file_type::symlink) return entry;
  entry.kind = MountPlan::Entry::Kind::symlink;
  entry.link = fs::read_symlink(found.path(), failed);
  if (failed) return std::nullopt;
  return entry;
}

std::optional<std::string> list_entries(MountPlan& plan, const std::string& replaced) {
  std::error_code failed;
  const auto problem = [&] { return "cannot list " + plan.shadowed + ": " + failed.message(); };
  fs::directory_iterator found(plan.shadowed, failed);
  if (failed) return problem();
  for (; found != fs::directory_iterator(); found.increment(failed)) {
    if (plan.entries.size() == entries_max)
      return plan.shadowed + " has more than " + std::to_string(entries_max) + " entries";
    if (found->path().filename() == replaced) continue;
    if (auto entry = entry_of(*found)) plan.entries.push_back(std::move(*entry));
    if (failed) return problem();
  }
  if (failed) return problem();
  return std::nullopt;
}

std::string tmpfs_options(mode_t mode) {
  char text[64];
  std::snprintf(text, sizeof text, "mode=%o,size=%s", mode & 07777U, shadow_size);
  return text;
}

int bind(const char* from, const char* to) {
  return ::mount(from, to, nullptr, MS_BIND | MS_REC, nullptr) == 0 ? 0 : errno;
}

int open_folder(const char* path) { return ::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

/// The same directory by the path that leads to it now; by the old way where there is none.
class WorkingDirectory {
 public:
  WorkingDirectory()
      : before_(open_folder(".")), known_(::getcwd(path_, sizeof path_) != nullptr) {}
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory() {
    if (before_ < 0) return;
    if (!known_ || ::chdir(path_) != 0 || !is_same()) (void)!::fchdir(before_);
    ::close(before_);
  }

 private:
  bool is_same() const {
    struct stat then {};
    struct stat now {};
    return ::fstat(before_, &then) == 0 && ::stat(".", &now) == 0 && then.st_ino == now.st_ino &&
           then.st_dev == now.st_dev;
  }

  int before_;
  char path_[PATH_MAX];
  bool known_;
};

// Called in the folder that is shadowed, which no absolute path leads to any more.
int carry_over(const MountPlan::Entry& entry) {
  using Kind = MountPlan::Entry::Kind;
  if (entry.kind == Kind::symlink)
    return ::symlink(entry.link.c_str(), entry.path.c_str()) == 0 ? 0 : errno;
  if (entry.kind == Kind::folder) {
    if (::mkdir(entry.path.c_str(), 0755) != 0) return errno;
  } else {
    const int fd = ::open(entry.path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0) return errno;
    ::close(fd);
  }
  const int error = bind(entry.name.c_str(), entry.path.c_str());
  if (error == 0) return 0;
  // Better not there than empty.
  if (entry.kind == Kind::folder) {
    ::rmdir(entry.path.c_str());
  } else {
    ::unlink(entry.path.c_str());
  }
  return error == ENOENT ? 0 : error;  // gone since it was listed
}

bool lay_shadow(const MountPlan& plan, MountOutcome& outcome) {
  const auto fail = [&](Step step) {
    outcome.failed = step;
    outcome.error = errno;
    return false;
  };
  const int old = open_folder(plan.shadowed.c_str());
  if (old < 0) return fail(Step::shadow);
  const char* path = plan.shadowed.c_str();
  if (::fchdir(old) != 0 ||
      ::mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, plan.tmpfs_options.c_str()) != 0) {
    const bool failed = fail(Step::shadow);
    ::close(old);
    return failed;
  }
  ::close(old);
  for (const MountPlan::Entry& entry : plan.entries) {
    const int error = carry_over(entry);
    if (error == 0) continue;
    if (outcome.entries_left_out++ == 0) outcome.entry_error = error;
  }
  for (const std::string& folder : plan.folders) {
    if (::mkdir(folder.c_str(), 0755) != 0) return fail(Step::folders);
  }
  return true;
}

// The mode without the owner would let us write where we could not before.
void finish_shadow(const MountPlan& plan) {
  const char* path = plan.shadowed.c_str();
  (void)!::chown(path, plan.owner, plan.group);  // in a user namespace others have no number
  if (!plan.writable) {
    ::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
            nullptr);
  }
}

}  // namespace

std::variant<MountPlan, std::string> plan_mounts(const std::string& source,
                                                 const std::string& wanted) {
  Place place = find_place(wanted);
  MountPlan plan;
  std::error_code failed;
  plan.source = fs::absolute(source, failed);
  if (failed) return "cannot tell where " + source + " is: " + failed.message();
  plan.target = place.existing;
  if (place.missing.empty()) return plan;
  if (place.existing == "/")
    return "there is no /" + place.missing.back() + ", and / itself cannot be replaced";
  plan.shadowed = place.existing;
  for (auto name = place.missing.rbegin(); name != place.missing.rend(); ++name) {
    plan.target += "/" + *name;
    plan.folders.push_back(plan.target);
  }
  struct stat given {};
  if (::stat(plan.shadowed.c_str(), &given) != 0)
    return "cannot look at " + plan.shadowed + ": " + std::generic_category().message(errno);
  plan.tmpfs_options = tmpfs_options(given.st_mode);
  plan.owner = given.st_uid;
  plan.group = given.st_gid;
  plan.writable = ::access(plan.shadowed.c_str(), W_OK) == 0;
  if (auto problem = list_entries(plan, place.missing.back())) return std::move(*problem);
  return plan;
}

MountOutcome carry_out(const MountPlan& plan) {
  MountOutcome outcome;
  const WorkingDirectory kept;
  const int source = open_folder(plan.source.c_str());  // the shadow may cover it
  if (source < 0) return {Step::service_account, errno};
  const mode_t umask_before = ::umask(0022);  // the command may change its user
  const bool laid = plan.shadowed.empty() || lay_shadow(plan, outcome);
  ::umask(umask_before);
  if (laid) {
    // By the descriptor, as the path may lead into the shadow.
    outcome.error = ::fchdir(source) == 0 ? bind(".", plan.target.c_str()) : errno;
    if (outcome.error != 0) outcome.failed = Step::bind;
  }
  ::close(source);
  if (plan.shadowed.empty() || outcome.failed == Step::shadow) return outcome;
  if (outcome.failed == Step::none) {
    finish_shadow(plan);
  } else {
    // Half a folder is worse than the one of the host.
    ::umount2(plan.shadowed.c_str(), MNT_DETACH);
    outcome.entries_left_out = 0;
  }
  return outcome;
}

}  // namespace fakeapi::run::subject

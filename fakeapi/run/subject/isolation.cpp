#include "fakeapi/run/subject/isolation.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace fakeapi::run::subject {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

const char* name_of(Step step) {
  switch (step) {
    case Step::map_ids:
      return "mapping the user's number";
    case Step::signals:
      return "opening the queue of signals";
    case Step::private_mounts:
      return "making the mounts private";
    case Step::service_account:
      return "opening the run's service-account directory";
    case Step::shadow:
      return "mounting a tmpfs";
    case Step::folders:
      return "making the missing folders";
    case Step::bind:
      return "binding the run's service-account directory";
    case Step::fork:
      return "making a process";
    default:
      return "";
  }
}

std::string no_account(const std::string& mount_point, const std::string& why) {
  return mount_point + " is not the run's (" + why +
         "): a client that reads its token there finds none or another one";
}

std::string reason_of(Step step, int error) {
  const std::string name = name_of(step);
  return (name.empty() ? "" : name + ": ") + text_of(error);
}

const char* what_to_do(Way way, int error) {
  const bool is_refused = error == EPERM || error == EACCES;
  if (is_refused && way == Way::namespaces) return "; add the capability SYS_ADMIN";
  if (is_refused)
    return "; user namespaces are not allowed here (kernel.apparmor_restrict_unprivileged_userns, "
           "kernel.unprivileged_userns_clone or a container's seccomp profile): allow them, or "
           "run as root with the capability SYS_ADMIN";
  if (error == ENOSPC)
    return "; user.max_user_namespaces, max_pid_namespaces or max_mnt_namespaces is reached or 0: "
           "raise it";
  if (error == EINVAL || error == ENOSYS) return "; the kernel has no such namespaces";
  return "";
}

}  // namespace

std::string refusal_text(Way way, Step step, int error) {
  return reason_of(step, error) + what_to_do(way, error);
}

std::string degraded_line(const News& news, const std::string& mount_point,
                          const std::string& shadowed) {
  if (news.step == Step::fresh_proc) {
    return "/proc shows the command the processes outside its PID namespace, with other numbers "
           "(mounting a fresh one: " +
           text_of(news.error) + "; a container hides parts of /proc)";
  }
  if (news.step == Step::entries) {
    return std::to_string(news.number) + " of what is in " + shadowed +
           " is not visible to the command (" + text_of(news.error) + ")";
  }
  return no_account(mount_point, reason_of(news.step, news.error));
}

Isolation isolation_of(Way way, const std::vector<Refused>& refused, bool is_root,
                       const std::string& mount_point) {
  Isolation isolation;
  isolation.pid_namespace = way != Way::guardian;
  isolation.user_namespace = way == Way::user_namespace;
  isolation.mounts = isolation.pid_namespace && !mount_point.empty();
  const std::string why = refused.empty() ? "not wanted" : refused.back().why;
  if (isolation.user_namespace && is_root) {
    isolation.why_not.push_back(
        "the command has no rights over other users' files and processes: "
        "root's namespaces could only be made in a user namespace (" +
        why + ")");
  }
  if (way == Way::guardian) {
    isolation.why_not.push_back(
        "a guardian process ends what the command leaves behind, not the kernel: no PID namespace "
        "(" +
        why + ")");
    if (!mount_point.empty())
      isolation.why_not.push_back(no_account(mount_point, "no mount namespace either"));
  }
  return isolation;
}

std::string not_started_text(const std::string& program, Step step, int error) {
  if (step == Step::fork || step == Step::signals) {
    return "no process for \"" + program + "\": " + text_of(error) +
           ". Is the limit of processes or of open files too low?";
  }
  std::string text = "cannot execute \"" + program + "\": " + text_of(error);
  const bool is_path = program.find('/') != std::string::npos;
  if (error == ENOENT && is_path && ::access(program.c_str(), F_OK) == 0)
    return text + ". The file is there: its interpreter (first line) or dynamic loader is not";
  if (error == ENOENT && !is_path)
    return text + ". It is in no folder of PATH; name it with its path";
  if (error == ENOENT || error == ENOTDIR) return text + ". Is the path right?";
  if (error == EACCES)
    return text + ". Is it a file that this user may execute, and not on a noexec file system?";
  if (error == ENOEXEC)
    return text +
           ". It is no program of this machine, and has no first line that names an "
           "interpreter (#!/bin/sh)";
  return text;
}

}  // namespace fakeapi::run::subject

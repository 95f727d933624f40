// Namespaces and rtnetlink by system calls, so that no `ip` program and no helper with privileges
// is needed. Inside a new user namespace the process holds every capability until it executes
// another program (capabilities(7)), which is why the network is set up here and at once.
#include "fakeapi/run/sandbox.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "fakeapi/server/socket.hpp"

namespace fakeapi::run {
namespace {

constexpr const char* pod_network_base = "10.20.0.0";
constexpr const char* first_pod_address = "10.20.0.1";
constexpr unsigned char pod_network_bits = 16;

std::string text_of(int error) { return std::generic_category().message(error); }

SandboxError refused_namespace(int error) {
  const std::string start = "no network namespace for the Pods (" + text_of(error) + "): ";
  if (error == ENOSPC) {
    return {start +
            "user.max_user_namespaces or user.max_net_namespaces is reached or 0; raise it, "
            "or run as root"};
  }
  if (error == EINVAL)
    return {start + "the process already has threads, or the kernel has no namespaces"};
  return {start +
          "user namespaces are not allowed here (kernel.unprivileged_userns_clone, "
          "kernel.apparmor_restrict_unprivileged_userns, or a container's seccomp profile); allow "
          "them, run as root, or add the capability SYS_ADMIN"};
}

SandboxError failed_step(const std::string& step, int error) {
  std::string message = "cannot set the Pod network up: " + step + ": " + text_of(error);
  if (error == EPERM || error == EACCES) {
    // Ubuntu 24.04 lets anybody make the namespace and then gives it no capabilities.
    message +=
        "; AppArmor may restrict user namespaces "
        "(kernel.apparmor_restrict_unprivileged_userns=0 lifts that), or run as root";
  }
  return {message};
}

int write_file(const char* path, std::string_view text) {
  const server::UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return errno;
  return ::write(fd.get(), text.data(), text.size()) < 0 ? errno : 0;
}

// The one line that a process without privileges may write: itself to itself.
std::optional<SandboxError> map_ids(uid_t uid, gid_t gid) {
  const auto line = [](auto id) { return std::to_string(id) + " " + std::to_string(id) + " 1\n"; };
  // Without this the kernel refuses a gid_map from an ordinary user (user_namespaces(7),
  // CVE-2014-8989).
  if (int error = write_file("/proc/self/setgroups", "deny"); error != 0 && error != ENOENT) {
    return failed_step("/proc/self/setgroups", error);
  }
  if (int error = write_file("/proc/self/gid_map", line(gid))) {
    return failed_step("/proc/self/gid_map", error);
  }
  if (int error = write_file("/proc/self/uid_map", line(uid))) {
    return failed_step("/proc/self/uid_map", error);
  }
  return std::nullopt;
}

std::optional<SandboxError> enter_namespaces() {
  // Root needs no user namespace, and keeps more rights without: files of other users, ports,
  // ptrace.
  if (::geteuid() == 0 && ::unshare(CLONE_NEWNET) == 0) return std::nullopt;
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return refused_namespace(errno);
  return map_ids(uid, gid);
}

// The kernel gives lo 127.0.0.1 and ::1 by itself when it comes up.
int bring_loopback_up() {
  const server::UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  if (::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) return errno;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ::ioctl(fd.get(), SIOCSIFFLAGS, &request) != 0 ? errno : 0;
}

// rtnetlink(7): a fixed part and two attributes of four bytes each, all aligned to four.
struct RouteRequest {
  nlmsghdr header{};
  rtmsg route{};
  rtattr destination_header{};
  in_addr destination{};
  rtattr device_header{};
  std::uint32_t device = 0;
};
static_assert(sizeof(RouteRequest) == NLMSG_LENGTH(sizeof(rtmsg)) + 2 * RTA_LENGTH(4));

// ip route add local 10.20.0.0/16 dev lo: a local route makes each of its addresses one of this
// host.
RouteRequest pod_route() {
  RouteRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = pod_network_bits;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_BOOT;
  request.route.rtm_scope = RT_SCOPE_HOST;
  request.route.rtm_type = RTN_LOCAL;
  request.destination_header = {RTA_LENGTH(4), RTA_DST};
  ::inet_pton(AF_INET, pod_network_base, &request.destination);
  request.device_header = {RTA_LENGTH(4), RTA_OIF};
  request.device = ::if_nametoindex("lo");
  return request;
}

int add_pod_route() {
  const server::UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid()) return errno;
  const RouteRequest request = pod_route();
  if (::send(fd.get(), &request, sizeof request, 0) < 0) return errno;
  struct {
    nlmsghdr header;
    nlmsgerr error;
    RouteRequest echoed;
  } answer{};
  if (::recv(fd.get(), &answer, sizeof answer, 0) < 0) return errno;
  if (answer.header.nlmsg_type != NLMSG_ERROR) return EPROTO;
  return -answer.error.error;  // 0 is the acknowledgement (netlink(7))
}

}  // namespace

std::optional<SandboxError> enter_sandbox() {
  if (auto error = enter_namespaces()) return error;
  if (int error = bring_loopback_up()) return failed_step("bringing lo up", error);
  if (int error = add_pod_route()) {
    return failed_step(std::string("routing ") + pod_network + " to lo", error);
  }
  return std::nullopt;
}

bool pod_network_is_here() {
  const server::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, first_pod_address, &address.sin_addr);
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace fakeapi::run

// Each test runs in a child process, as a process cannot leave the namespaces that it has entered.
#include "fakeapi/run/sandbox.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

constexpr int skipped = 77;
constexpr uid_t ordinary_user = 65534;

// Runs `body` in a child; its text is what is wrong, and empty when all is well.
void in_child(const std::function<std::string()>& body) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string problem = body();
    if (!problem.empty()) std::cerr << problem << std::endl;
    ::_exit(problem.empty() ? 0 : problem.rfind("refused: ", 0) == 0 ? skipped : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == skipped)
    GTEST_SKIP() << "the kernel refuses the namespace (text above)";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

std::string entered() {
  const auto error = enter_sandbox();
  return error ? "refused: " + error->message : "";
}

// The ordinary user's way in, also when the tests run as root.
std::string become_ordinary() {
  if (::geteuid() != 0) return "";
  if (::setresgid(ordinary_user, ordinary_user, ordinary_user) != 0) return "setresgid failed";
  if (::setresuid(ordinary_user, ordinary_user, ordinary_user) != 0) return "setresuid failed";
  ::prctl(PR_SET_DUMPABLE, 1);  // a change of user took /proc/self away from the process (proc(5))
  return "";
}

sockaddr_in pod(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, "10.20.3.4", &address.sin_addr);
  return address;
}

// 0 or the errno of a connect to the Pod.
int dial(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = pod(port);
  const int outcome = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = outcome == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

bool serve(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = pod(port);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(fd, 8) == 0;
}

// The second number after "lo:" in /proc/net/dev counts packets received (proc(5)); that file is
// this namespace's.
long packets_on_loopback() {
  std::ifstream file("/proc/self/net/dev");
  std::string line;
  while (std::getline(file, line)) {
    const auto name = line.find("lo:");
    if (name == std::string::npos) continue;
    std::istringstream fields(line.substr(name + 3));
    long bytes = 0;
    long packets = -1;
    fields >> bytes >> packets;
    return packets;
  }
  return -1;
}

std::string pod_port_opens_and_answers() {
  if (dial(8080) != ECONNREFUSED) return "a Pod without a listener must refuse";
  if (!serve(8080)) return "the Pod's port cannot be opened";
  if (dial(8080) != 0) return "a Pod that listens must accept";
  if (dial(8081) != ECONNREFUSED) return "another port of the same Pod must refuse";
  return "";
}

// What a client meets when it dials a Pod depends on whether its container listens, as on a node.
TEST(Sandbox, PodPortIsRefusedUntilSomethingListens) {
  in_child([]() -> std::string {
    const std::string problem = entered();
    return problem.empty() ? pod_port_opens_and_answers() : problem;
  });
}

// The same without privileges: in a user namespace of its own, until exec, the process may
// configure its network.
TEST(Sandbox, OrdinaryUserGetsPodNetworkToo) {
  in_child([]() -> std::string {
    if (const auto problem = become_ordinary(); !problem.empty()) return problem;
    const std::string problem = entered();
    return problem.empty() ? pod_port_opens_and_answers() : problem;
  });
}

// Nothing reaches a real network that happens to use 10.20.0.0/16: there is no other interface, and
// lo counts the packets.
TEST(Sandbox, ConnectionsToPodsStayOnLoopback) {
  in_child([]() -> std::string {
    const std::string problem = entered();
    if (!problem.empty()) return problem;
    const long before = packets_on_loopback();
    if (!serve(9000) || dial(9000) != 0) return "the Pod does not accept";
    if (packets_on_loopback() <= before) return "the connection did not pass through lo";
    std::ifstream routes("/proc/self/net/route");  // those of the main table: the way to elsewhere
    std::string line;
    std::getline(routes, line);  // the columns
    if (std::getline(routes, line)) return "there is a route to elsewhere: " + line;
    return "";
  });
}

// A report written inside belongs to the user who started the run: the ids are mapped to
// themselves.
TEST(Sandbox, FilesKeepTheirOwner) {
  in_child([]() -> std::string {
    if (const auto problem = become_ordinary(); !problem.empty()) return problem;
    const uid_t outside = ::geteuid();
    if (const auto problem = entered(); !problem.empty()) return problem;
    if (::geteuid() != outside) return "the user has another number inside";
    std::string path = std::filesystem::temp_directory_path() / "sandbox-test-XXXXXX";
    const int fd = ::mkstemp(path.data());
    struct stat made {};
    const bool owned = fd >= 0 && ::fstat(fd, &made) == 0 && made.st_uid == outside;
    ::unlink(path.c_str());
    return owned ? "" : "a new file has another owner";
  });
}

// The way for a program to find out whether it must enter a sandbox first.
TEST(Sandbox, PodNetworkIsHereOnlyInside) {
  if (pod_network_is_here()) GTEST_SKIP() << "this machine has 10.20.0.1 itself";
  in_child([]() -> std::string {
    const std::string problem = entered();
    if (!problem.empty()) return problem;
    return pod_network_is_here() ? "" : "a Pod address cannot be bound inside";
  });
}

// A second run inside the first one's children gets a network of its own instead of an error.
TEST(Sandbox, CanBeEnteredWithinAnother) {
  in_child([]() -> std::string {
    std::string problem = entered();
    if (!problem.empty()) return problem;
    if (!serve(8080)) return "the outer Pod's port cannot be opened";
    problem = entered();
    if (!problem.empty()) return problem;
    return dial(8080) == ECONNREFUSED ? "" : "the inner network sees the outer one's Pods";
  });
}

}  // namespace
}  // namespace fakeapi::run

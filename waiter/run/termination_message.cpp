#include "waiter/run/termination_message.hpp"

#include <algorithm>
#include <cstddef>
#include <fcntl.h>
#include <unistd.h>

namespace waiter::run {
namespace {

constexpr const char* default_path = "/dev/termination-log";
// kubelet cuts there (kuberuntime, MaxContainerTerminationMessageLength).
constexpr std::size_t message_bytes_max = 4096;

}  // namespace

void write_termination_message(const std::string& path, std::string message) {
  if (path.empty()) return;
  const int create = path == default_path ? 0 : O_CREAT;
  const int file = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY | create, 0644);
  if (file < 0) return;
  message.resize(std::min(message.size(), message_bytes_max));
  [[maybe_unused]] const auto written = ::write(file, message.data(), message.size());
  ::close(file);
}

}  // namespace waiter::run

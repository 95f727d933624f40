#include "fakeapi/run/event_log.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace fakeapi::run {

EventLog::~EventLog() {
  if (file_ >= 0) ::close(file_);
}

std::optional<std::string> EventLog::open(const std::string& path) {
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) return "cannot write the event log " + path + ": " + std::strerror(errno);
  return std::nullopt;
}

void EventLog::write(cluster::Instant at, std::string lane, std::string what, std::string why) {
  if (file_ < 0) return;
  const double seconds = std::chrono::duration<double>(at.time_since_epoch()).count();
  const std::string line =
      lanes::to_json_line({seconds, std::move(lane), std::move(what), std::move(why)}) + "\n";
  // One write for a line: subjects may append to the same file.
  const auto written = ::write(file_, line.data(), line.size());
  whole_ = whole_ && written == static_cast<ssize_t>(line.size());
}

}  // namespace fakeapi::run

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
  const double seconds = std::chrono::duration<double>(at.time_since_epoch()).count();
  std::string line =
      lanes::to_json_line({seconds, std::move(lane), std::move(what), std::move(why)});
  if (file_ >= 0) {
    // One write for a line: subjects may append to the same file.
    const std::string written_line = line + "\n";
    const auto written = ::write(file_, written_line.data(), written_line.size());
    whole_ = whole_ && written == static_cast<ssize_t>(written_line.size());
  }
  lines_.push_back(std::move(line));
  if (lines_.size() > lines_max) lines_.pop_front();
  ++count_;
  for (const auto& waiter : waiters_) waiter();
}

std::vector<const std::string*> EventLog::lines_since(std::uint64_t number) const {
  std::vector<const std::string*> lines;
  const std::uint64_t first = count_ - lines_.size() + 1;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (first + i > number) lines.push_back(&lines_[i]);
  }
  return lines;
}

}  // namespace fakeapi::run

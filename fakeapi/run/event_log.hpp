// Writes an event log (docs/event-log.md) line by line, so that a reader sees each event when it
// happens.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/lanes/event.hpp"

namespace fakeapi::run {

class EventLog {
 public:
  /// Without a file: what is written is dropped.
  EventLog() = default;
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Starts the file anew; a text when that is impossible.
  std::optional<std::string> open(const std::string& path);
  /// False when a line could not be written: a full disk costs the log, not the run.
  bool whole() const { return whole_; }
  void write(cluster::Instant at, std::string lane, std::string what, std::string why);

 private:
  int file_ = -1;
  bool whole_ = true;
};

}  // namespace fakeapi::run

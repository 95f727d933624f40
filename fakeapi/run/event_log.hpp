// Writes an event log (docs/event-log.md) line by line, so that a reader sees each event when it
// happens, and keeps the last lines for whoever looks on.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/lanes/event.hpp"

namespace fakeapi::run {

class EventLog {
 public:
  /// A page that is opened late still shows what came before; 10 000 lines are about 2 MiB.
  static constexpr std::size_t lines_max = 10'000;

  EventLog() = default;
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Starts the file anew; a text when that is impossible. Without a call there is none.
  std::optional<std::string> open(const std::string& path);
  /// Somebody looks on from now on.
  void listen() { listened_ = true; }
  /// Whether each single request is worth a line: there is a file, or somebody looks on.
  bool wants_requests() const { return file_ >= 0 || listened_; }
  /// False when a line could not be written: a full disk costs the log, not the run.
  bool whole() const { return whole_; }
  void write(cluster::Instant at, std::string lane, std::string what, std::string why);

  /// How many lines there have been; they count from 1.
  std::uint64_t count() const { return count_; }
  /// The scenario begins anew with the next line: times start again at 0.
  void begin_epoch() {
    ++epoch_;
    epoch_since_ = count_;
  }
  std::uint64_t epoch() const { return epoch_; }
  /// Lines up to this one are of earlier epochs.
  std::uint64_t epoch_since() const { return epoch_since_; }
  /// Those after this one that are still kept.
  std::vector<const std::string*> lines_since(std::uint64_t number) const;

  /// `written` is called after each line until its handle is given back. It only notes that.
  using Waiter = std::list<std::function<void()>>::iterator;
  Waiter wait(std::function<void()> written) { return waiters_.insert(waiters_.end(), written); }
  void give_up(Waiter waiter) { waiters_.erase(waiter); }

 private:
  int file_ = -1;
  bool whole_ = true;
  bool listened_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t epoch_ = 1;
  std::uint64_t epoch_since_ = 0;
  std::deque<std::string> lines_;
  std::list<std::function<void()>> waiters_;
};

}  // namespace fakeapi::run

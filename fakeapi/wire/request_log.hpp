// The requests that have come, newest last: what a test asks to know what its program did, and to
// wait until it has done it. The log keeps the last few thousand, and every watch that is open,
// however old it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/message.hpp"

namespace fakeapi::wire {

/// Who asks: the connection (counted from 1) and what the client calls itself.
struct Caller {
  std::uint64_t connection = 0;
  std::string_view user_agent;
};

class RequestLog;
class StreamNote;

struct RequestEntry {
  std::uint64_t seq = 0;  // from 1, without gaps
  cluster::Instant at{};
  std::uint64_t connection = 0;
  std::string user_agent;
  std::string method;
  std::string target;
  int status = 0;  // 0: there was no answer
  std::string fault;
  bool is_stream = false;
  bool open = false;  // a stream that is open now

  /// Of the target; read when somebody asks for the first time.
  const cluster::Attributes& attributes() const;
  /// The version that a stream delivered last; before that, the one that it was to begin from.
  std::string resource_version() const;

 private:
  friend class RequestLog;
  friend class StreamNote;
  mutable std::shared_ptr<const cluster::Attributes> attributes_;
  const StreamNote* note_ = nullptr;  // of a stream that is open
  std::string last_version_;          // of one that is over
};

/// Belongs to an open stream: says what it delivers, and ends with it.
class StreamNote {
 public:
  StreamNote(RequestLog& log, std::shared_ptr<RequestEntry> entry);
  ~StreamNote();
  StreamNote(const StreamNote&) = delete;
  StreamNote& operator=(const StreamNote&) = delete;
  void delivered(const cluster::Bytes& piece);
  /// The server has ended it, not the client.
  void finished() { finished_ = true; }

 private:
  friend struct RequestEntry;
  RequestLog& log_;
  std::shared_ptr<RequestEntry> entry_;
  cluster::Bytes last_piece_;  // read only when somebody asks
  bool finished_ = false;
};

class RequestLog {
 public:
  /// About 2 MiB of ordinary requests: more than a test's program makes while a test looks away.
  static constexpr std::size_t entries_max = 4096;
  /// Of a target and of a user agent; a request line may have a megabyte.
  static constexpr std::size_t target_bytes_max = 2048;
  static constexpr std::size_t user_agent_bytes_max = 256;

  RequestLog() = default;
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  /// A note when the answer is a stream; it must not outlive the log.
  std::unique_ptr<StreamNote> add(cluster::Instant now, const Caller& caller,
                                  std::string_view method, std::string_view target, int status,
                                  std::string_view fault, bool is_stream);

  /// In order: open streams that are older than all the rest, then the last entries_max.
  void visit(const std::function<void(const RequestEntry&)>& visitor) const;
  std::uint64_t count() const { return count_; }
  std::size_t open_streams() const { return open_.size(); }

  /// Called when a stream ends, with its seq and whether the server ended it.
  void on_stream_end(std::function<void(std::uint64_t, bool)> told) { ended_ = std::move(told); }

  /// `changed` is called, until its handle is given back, whenever an answer to a question may have
  /// changed. It only notes that.
  using Waiter = std::list<std::function<void()>>::iterator;
  Waiter wait(std::function<void()> changed) { return waiters_.insert(waiters_.end(), changed); }
  void give_up(Waiter waiter) { waiters_.erase(waiter); }

 private:
  friend class StreamNote;
  void changed();

  std::vector<std::shared_ptr<RequestEntry>> ring_;  // entry seq is at (seq - 1) % entries_max
  std::map<std::uint64_t, std::shared_ptr<RequestEntry>> open_;
  std::list<std::function<void()>> waiters_;
  std::function<void(std::uint64_t, bool)> ended_;
  std::uint64_t count_ = 0;
};

}  // namespace fakeapi::wire

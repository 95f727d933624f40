// One timer for all connections. A deadline that moves later, which it does with each request,
// costs one assignment: the queue keeps the earlier entry, and looks again when that has come.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace fakeapi::server {

class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::time_point never = Clock::time_point::max();

  class Entry {
   public:
    virtual ~Entry() = default;
    virtual void on_deadline() = 0;

   private:
    friend class Deadlines;
    Clock::time_point due_ = never;
    Clock::time_point queued_ = never;
  };

  explicit Deadlines(boost::asio::io_context& context);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  /// Replaces the entry's deadline; on_deadline() is called once, from the event loop, at `due` or
  /// soon after.
  void set(Entry& entry, Clock::time_point due);
  void set_in(Entry& entry, Clock::duration delay) { set(entry, Clock::now() + delay); }
  void clear(Entry& entry) { entry.due_ = never; }
  /// To be called before the entry is destroyed. When none is left, no timer runs.
  void forget(Entry& entry);

 private:
  void arm();
  void expire();

  std::set<std::pair<Clock::time_point, Entry*>> queue_;
  boost::asio::steady_timer timer_;
  Clock::time_point armed_ = never;
  std::shared_ptr<Deadlines*>
      self_;  // emptied on destruction: a cancelled wait may still be delivered
};

}  // namespace fakeapi::server

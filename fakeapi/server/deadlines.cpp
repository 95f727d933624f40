// Entries are kept in order of time; the asio timer always stands at the first.
#include "fakeapi/server/deadlines.hpp"

namespace fakeapi::server {

Deadlines::Deadlines(boost::asio::io_context& context)
    : timer_(context), self_(std::make_shared<Deadlines*>(this)) {}

Deadlines::~Deadlines() { *self_ = nullptr; }

void Deadlines::set(Entry& entry, Clock::time_point due) {
  entry.due_ = due;
  if (entry.queued_ <= due) return;  // looked at again when the earlier time has come
  if (entry.queued_ != never) queue_.erase({entry.queued_, &entry});
  entry.queued_ = due;
  queue_.insert({due, &entry});
  arm();
}

void Deadlines::forget(Entry& entry) {
  if (entry.queued_ != never) queue_.erase({entry.queued_, &entry});
  entry.due_ = entry.queued_ = never;
  if (!queue_.empty()) return;
  armed_ = never;
  timer_.cancel();
}

void Deadlines::arm() {
  if (queue_.empty() || queue_.begin()->first >= armed_) return;
  armed_ = queue_.begin()->first;
  timer_.expires_at(armed_);
  timer_.async_wait([self = self_](const boost::system::error_code& error) {
    if (!error && *self) (*self)->expire();
  });
}

void Deadlines::expire() {
  armed_ = never;
  const auto now = Clock::now();
  while (!queue_.empty() && queue_.begin()->first <= now) {
    Entry& entry = *queue_.begin()->second;
    queue_.erase(queue_.begin());
    entry.queued_ = never;
    if (entry.due_ > now) {
      if (entry.due_ != never) set(entry, entry.due_);
      continue;
    }
    entry.due_ = never;
    entry.on_deadline();
  }
  arm();
}

}  // namespace fakeapi::server

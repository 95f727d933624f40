// Batching with an upper bound.
#include "fakeapi/cluster/controllers/work_queue.hpp"

#include <algorithm>

namespace fakeapi::cluster {
namespace {

constexpr int lags_max = 10;  // after so many lags a key is due however often it is added

}  // namespace

void WorkQueue::add(Instant now, const Key& key) {
  const auto [it, fresh] = waiting_.try_emplace(key, Wait{now, now + lag_});
  if (!fresh) it->second.due = std::min(now + lag_, it->second.first + lags_max * lag_);
}

std::optional<Instant> WorkQueue::due() const {
  std::optional<Instant> first;
  for (const auto& [key, wait] : waiting_) {
    if (!first || wait.due < *first) first = wait.due;
  }
  return first;
}

std::vector<Key> WorkQueue::take(Instant now) {
  std::vector<Key> keys;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->second.due <= now) {
      keys.push_back(it->first);
      it = waiting_.erase(it);
    } else {
      ++it;
    }
  }
  return keys;
}

void WorkQueue::restart(Instant now) {
  for (auto& [key, wait] : waiting_) wait = {now, now + lag_};
}

}  // namespace fakeapi::cluster

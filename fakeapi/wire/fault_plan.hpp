// The faults that are in force, by name and in order, and the one decision that is taken when a
// request arrives: which of them meets it, if any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/draws.hpp"
#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::wire {

/// A fault that meets a request. It lives on when the plan forgets the fault.
struct Decision {
  std::shared_ptr<const fault::Fault> fault;
  scenario::Draws draws;
};

class FaultPlan {
 public:
  /// Each is looked at for each request.
  static constexpr std::size_t faults_max = 256;

  explicit FaultPlan(std::uint64_t seed) : seed_(seed) {}

  struct Entry {
    std::shared_ptr<const fault::Fault> fault;
    std::uint64_t matched = 0;  // requests that it fits inside its window
    std::uint64_t met = 0;      // those that it was applied to
  };

  /// At the end, or in the place of the fault of that name, whose counts start anew. False when the
  /// plan is full.
  bool put(fault::Fault fault);
  bool remove(std::string_view name);
  void clear() { entries_.clear(); }
  const Entry* find(std::string_view name) const;
  const std::vector<Entry>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }

  /// To be asked once for each request, when it arrives. The first fault that meets it wins; every
  /// fault counts what it fits, so that one more fault changes neither the count nor the draws of
  /// another.
  std::optional<Decision> decide(cluster::Instant now, const fault::Arrival& arrival);

  /// Whether nothing is to listen now. Such a fault is not asked by decide(): there is no connection
  /// to count.
  bool refuses(cluster::Instant now) const;
  /// When the next window opens or closes.
  std::optional<cluster::Instant> next_change(cluster::Instant now) const;

 private:
  std::uint64_t seed_;
  std::vector<Entry> entries_;
};

/// Whether it could keep everybody away for ever, also whoever wants to take it back: a fault of
/// connections without an end, a last match, a connection or a chance.
bool locks_out(const fault::Fault& fault);

}  // namespace fakeapi::wire

// The dice of a fault plan. Each throw is a function of (seed, fault name, match index, purpose)
// and of nothing else: another fault, another order of requests or another thread cannot change it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fakeapi/wire/fault.hpp"

namespace fakeapi::wire {

/// No drawn latency is longer: a lognormal has no bound of its own, and a client is gone by then.
inline constexpr cluster::Duration latency_max = std::chrono::hours(1);

class FaultDraws {
 public:
  /// `index` counts from 1.
  FaultDraws(std::uint64_t seed, std::string_view fault_name, std::uint64_t index);

  /// In [0, 1): the fault meets this request when it is below Match::fraction.
  double chance() const;
  cluster::Duration latency(const Latency& latency) const;
  /// In [from, to]: where something is cut.
  std::size_t position(std::size_t from, std::size_t to) const;

 private:
  enum class Purpose : std::uint64_t { chance = 1, latency, angle, position };
  std::uint64_t bits(Purpose purpose) const;
  double unit(Purpose purpose) const;

  std::uint64_t key_;
};

}  // namespace fakeapi::wire

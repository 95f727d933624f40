// The dice. Each throw is a function of (seed, name, index, purpose) and of nothing else: another
// fault or step, another order of requests or another thread cannot change it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fakeapi/scenario/language/distribution.hpp"

namespace fakeapi::scenario {

class Draws {
 public:
  /// Of the fault or step of this name; `index` counts its matches or rounds from 1.
  Draws(std::uint64_t seed, std::string_view name, std::uint64_t index);

  /// In [0, 1): the fault meets this request when it is below Match::fraction.
  double chance() const;
  cluster::Duration duration(const Distribution& distribution) const;
  /// In [from, to]: where something is cut.
  std::size_t position(std::size_t from, std::size_t to) const;

 private:
  enum class Purpose : std::uint64_t { chance = 1, duration, angle, position };
  std::uint64_t bits(Purpose purpose) const;
  double unit(Purpose purpose) const;

  std::uint64_t key_;
};

}  // namespace fakeapi::scenario

// Randomness that can be replayed: every uid, name suffix and stream lifetime comes from one seeded
// generator, so that the same requests give the same answers. SplitMix64 (Steele, Lea, Flood 2014)
// needs 8 bytes of state and one add.
#pragma once

#include <cstdint>
#include <string>

namespace fakeapi::cluster {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// Uniform in [0, bound); bound is not 0. The bias of the modulo is below 2^-40 for every bound
  /// used here.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

/// A version 4 UUID (RFC 4122 4.4) in lower case.
std::string random_uid(Random& random);

/// Five characters of the alphabet that Kubernetes appends to generateName: no vowels and no 0, 1,
/// 3, so that no word appears by chance (apimachinery util/rand).
std::string random_suffix(Random& random);

}  // namespace fakeapi::cluster

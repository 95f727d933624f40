// The shapes that random bits take in Kubernetes objects: UUIDs and name suffixes.
#include "fakeapi/cluster/random.hpp"

#include <cstdint>
#include <string_view>

namespace fakeapi::cluster {

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::string random_uid(Random& random) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  std::string uid(shape);
  std::uint64_t bits = 0;
  unsigned left = 0;
  for (char& c : uid) {
    if (c != 'x' && c != 'y') continue;
    if (left == 0) {
      bits = random.next();
      left = 16;
    }
    const std::uint64_t nibble = bits & 0xfU;
    c = hex[c == 'x' ? nibble : (nibble & 0x3U) | 0x8U];
    bits >>= 4U;
    --left;
  }
  return uid;
}

std::string random_suffix(Random& random) {
  constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string suffix;
  for (int i = 0; i < 5; ++i) suffix += alphabet[random.below(alphabet.size())];
  return suffix;
}

}  // namespace fakeapi::cluster

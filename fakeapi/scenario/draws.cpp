// Keys are mixed with SplitMix64, whose output for neighbouring states is as good as independent.
#include "fakeapi/scenario/draws.hpp"

#include <algorithm>
#include <cmath>

#include "fakeapi/cluster/random.hpp"

namespace fakeapi::scenario {
namespace {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  return cluster::Random(cluster::Random(a).next() ^ b).next();
}

// FNV-1a: names differ in few bytes, and mixed() does the rest.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace

Draws::Draws(std::uint64_t seed, std::string_view name, std::uint64_t index)
    : key_(mixed(mixed(seed, hash_of(name)), index)) {}

std::uint64_t Draws::bits(Purpose purpose) const {
  return mixed(key_, static_cast<std::uint64_t>(purpose));
}

double Draws::unit(Purpose purpose) const {
  // The 53 bits that a double holds.
  return static_cast<double>(bits(purpose) >> 11U) * 0x1.0p-53;
}

double Draws::chance() const { return unit(Purpose::chance); }

cluster::Duration Draws::duration(const Distribution& distribution) const {
  if (distribution.shape == Distribution::Shape::constant) return distribution.low;
  const double low = static_cast<double>(distribution.low.count());
  double drawn = low;
  if (distribution.shape == Distribution::Shape::uniform) {
    drawn += (static_cast<double>(distribution.high.count()) - low) * unit(Purpose::duration);
  }
  if (distribution.shape == Distribution::Shape::lognormal) {
    // Box and Muller 1958: two uniform draws make a normal one. 1 - u is never 0.
    constexpr double turn = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - unit(Purpose::duration)));
    drawn *= std::exp(distribution.sigma * radius * std::cos(turn * unit(Purpose::angle)));
    drawn = std::min(drawn, static_cast<double>(std::max(lognormal_max, distribution.low).count()));
  }
  return cluster::Duration(static_cast<std::int64_t>(drawn));
}

std::size_t Draws::position(std::size_t from, std::size_t to) const {
  return to <= from ? from
                    : from + static_cast<std::size_t>(bits(Purpose::position)) % (to - from + 1);
}

}  // namespace fakeapi::scenario

// The forms of a drawn duration, one branch each.
#include "fakeapi/scenario/language/distribution.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

using cluster::Duration;

// The two arguments of NAME(a, b).
std::optional<Halves> arguments(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || text.empty() || text.back() != ')') return std::nullopt;
  text.remove_prefix(name.size());
  if (text.front() != '(') return std::nullopt;
  return split(text.substr(1, text.size() - 2), ",");
}

std::optional<double> parse_positive(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value > 0 && value <= 10)) return std::nullopt;
  return value;
}

std::optional<Distribution> uniform(std::optional<Duration> low, std::optional<Duration> high) {
  if (!low || !high || *low < Duration{} || *low > *high || *high > duration_max)
    return std::nullopt;
  return Distribution{Distribution::Shape::uniform, *low, *high, 0};
}

}  // namespace

std::optional<Distribution> parse_distribution(std::string_view text) {
  if (const auto ends = arguments(text, "uniform")) {
    return uniform(parse_span(ends->first), parse_span(ends->second));
  }
  if (const auto of = arguments(text, "lognormal")) {
    const auto median = parse_span(of->first);
    const auto sigma = parse_positive(of->second);
    if (!median || !sigma) return std::nullopt;
    return Distribution{Distribution::Shape::lognormal, *median, {}, *sigma};
  }
  for (const std::string_view sign : {"\xC2\xB1", "+-"}) {
    const auto around = split(text, sign);
    if (!around) continue;
    const auto middle = parse_span(around->first);
    const auto reach = parse_span(around->second);
    if (!middle || !reach) return std::nullopt;
    return uniform(*middle - *reach, *middle + *reach);
  }
  const auto constant = parse_span(text);
  if (!constant) return std::nullopt;
  return Distribution{Distribution::Shape::constant, *constant, {}, 0};
}

std::string to_text(const Distribution& distribution) {
  switch (distribution.shape) {
    case Distribution::Shape::uniform:
      return fmt::format("uniform({}, {})", to_text(distribution.low), to_text(distribution.high));
    case Distribution::Shape::lognormal:
      return fmt::format("lognormal({}, {})", to_text(distribution.low), distribution.sigma);
    case Distribution::Shape::constant:
      break;
  }
  return to_text(distribution.low);
}

std::string to_text(Duration duration) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> units{
      {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}}};
  for (const auto& [name, unit] : units) {
    if (duration.count() % unit == 0) return fmt::format("{}{}", duration.count() / unit, name);
  }
  return fmt::format("{}ns", duration.count());
}

}  // namespace fakeapi::scenario

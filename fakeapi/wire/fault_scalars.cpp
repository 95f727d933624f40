#include "fakeapi/wire/fault_scalars.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/scenario/closest.hpp"
#include "fakeapi/scenario/scalars.hpp"
#include "fakeapi/wire/fault_draws.hpp"

namespace fakeapi::wire {
namespace {

using cluster::Duration;
using cluster::Instant;

constexpr std::uint64_t no_last = std::numeric_limits<std::uint64_t>::max();

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

using Pair = std::pair<std::string_view, std::string_view>;

std::optional<Pair> split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  return Pair{trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

// The two arguments of NAME(a, b).
std::optional<Pair> arguments(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || text.empty() || text.back() != ')') return std::nullopt;
  text.remove_prefix(name.size());
  if (text.front() != '(') return std::nullopt;
  return split(text.substr(1, text.size() - 2), ",");
}

std::optional<Duration> parse_span(std::string_view text) {
  const auto duration = scenario::parse_duration(text);
  return duration && *duration >= Duration{} ? duration : std::nullopt;
}

std::optional<double> parse_positive(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value > 0 && value <= 10)) return std::nullopt;
  return value;
}

std::optional<Latency> uniform(std::optional<Duration> low, std::optional<Duration> high) {
  if (!low || !high || *low < Duration{} || *low > *high) return std::nullopt;
  return Latency{Latency::Shape::uniform, *low, *high, 0};
}

}  // namespace

std::optional<Window> parse_window(std::string_view text) {
  const auto ends = split(text, "..");
  if (!ends || (ends->first.empty() && ends->second.empty())) return std::nullopt;
  Window window;
  if (!ends->first.empty()) {
    const auto from = parse_span(ends->first);
    if (!from) return std::nullopt;
    window.from = Instant(*from);
  }
  if (!ends->second.empty()) {
    const auto to = parse_span(ends->second);
    if (!to) return std::nullopt;
    window.to = Instant(*to);
  }
  return window.from < window.to ? std::optional(window) : std::nullopt;
}

std::string to_text(const Window& window) {
  const bool opens = window.from != Instant{};
  const bool closes = window.to != Instant::max();
  return fmt::format("{}..{}", opens || !closes ? to_text(window.from.time_since_epoch()) : "",
                     closes ? to_text(window.to.time_since_epoch()) : "");
}

std::optional<Nth> parse_nth(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
    const auto parsed = scenario::parse_number(digits);
    if (!parsed || *parsed < 1) return std::nullopt;
    return static_cast<std::uint64_t>(*parsed);
  };
  const auto ends = split(text, "..");
  if (!ends) {
    const auto one = number(text);
    return one ? std::optional(Nth{*one, *one}) : std::nullopt;
  }
  if (ends->first.empty() && ends->second.empty()) return std::nullopt;
  const auto first = ends->first.empty() ? std::optional<std::uint64_t>(1) : number(ends->first);
  const auto last =
      ends->second.empty() ? std::optional<std::uint64_t>(no_last) : number(ends->second);
  if (!first || !last || *first > *last) return std::nullopt;
  return Nth{*first, *last};
}

std::string to_text(const Nth& nth) {
  if (nth.first == nth.last) return std::to_string(nth.first);
  return fmt::format("{}..{}", nth.first, nth.last == no_last ? "" : std::to_string(nth.last));
}

std::optional<Latency> parse_latency(std::string_view text) {
  if (const auto ends = arguments(text, "uniform")) {
    return uniform(parse_span(ends->first), parse_span(ends->second));
  }
  if (const auto of = arguments(text, "lognormal")) {
    const auto median = parse_span(of->first);
    const auto sigma = parse_positive(of->second);
    if (!median || !sigma) return std::nullopt;
    return Latency{Latency::Shape::lognormal, *median, {}, *sigma};
  }
  for (const std::string_view sign : {"\xC2\xB1", "+-"}) {
    const auto around = split(text, sign);
    if (!around) continue;
    const auto middle = parse_span(around->first);
    const auto reach = parse_span(around->second);
    if (!middle || !reach || *middle > latency_max || *reach > latency_max) return std::nullopt;
    return uniform(*middle - *reach, *middle + *reach);
  }
  const auto constant = parse_span(text);
  if (!constant) return std::nullopt;
  return Latency{Latency::Shape::constant, *constant, {}, 0};
}

std::string to_text(const Latency& latency) {
  switch (latency.shape) {
    case Latency::Shape::uniform:
      return fmt::format("uniform({}, {})", to_text(latency.low), to_text(latency.high));
    case Latency::Shape::lognormal:
      return fmt::format("lognormal({}, {})", to_text(latency.low), latency.sigma);
    case Latency::Shape::constant:
      break;
  }
  return to_text(latency.low);
}

namespace {

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 3> size_units{
    {{"MiB", 1U << 20U}, {"KiB", 1U << 10U}, {"B", 1}}};

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  for (const auto& [name, unit] : size_units) {
    if (!text.ends_with(name)) continue;
    const auto number = scenario::parse_number(text.substr(0, text.size() - name.size()));
    constexpr std::int64_t most = 1'000'000'000;  // keeps the product in range
    if (!number || *number > most) return std::nullopt;
    return static_cast<std::uint64_t>(*number) * unit;
  }
  return std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  for (const auto& [name, unit] : size_units) {
    if (bytes % unit == 0 && bytes >= unit) return fmt::format("{}{}", bytes / unit, name);
  }
  return "0B";
}

std::string to_text(Duration duration) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> units{
      {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}}};
  for (const auto& [name, unit] : units) {
    if (duration.count() % unit == 0) return fmt::format("{}{}", duration.count() / unit, name);
  }
  return fmt::format("{}ns", duration.count());
}

std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& known) {
  const std::string near = scenario::closest(word, known);
  if (!near.empty()) {
    return fmt::format("unknown {} {}; did you mean \"{}\"?", what, cluster::in_quotes(word), near);
  }
  return fmt::format("unknown {} {}; known are {}", what, cluster::in_quotes(word),
                     fmt::join(known, ", "));
}

}  // namespace fakeapi::wire

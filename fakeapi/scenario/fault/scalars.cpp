#include "fakeapi/scenario/fault/scalars.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::fault {
namespace {

using cluster::Duration;
using cluster::Instant;
using scenario::parse_span;
using scenario::split;
using scenario::to_text;

constexpr std::uint64_t no_last = std::numeric_limits<std::uint64_t>::max();

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

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  if (!text.ends_with("/s")) return std::nullopt;
  const auto bytes = parse_size(text.substr(0, text.size() - 2));
  return bytes && *bytes > 0 ? bytes : std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  for (const auto& [name, unit] : size_units) {
    if (bytes % unit == 0 && bytes >= unit) return fmt::format("{}{}", bytes / unit, name);
  }
  return "0B";
}

}  // namespace fakeapi::fault

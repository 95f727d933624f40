// The single values of a fault as text, for JSON now and for scenario files: windows, counts,
// distributions, sizes. Each is read fully or not at all, and printed so that it can be read again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/wire/fault.hpp"

namespace fakeapi::wire {

/// "5s..15s", "5s..", "..15s". Reversed and empty ones are none.
std::optional<Window> parse_window(std::string_view text);
std::string to_text(const Window& window);

/// "3", "2..5", "2..", "..5"; both ends belong to it and count from 1.
struct Nth {
  std::uint64_t first;
  std::uint64_t last;
};
std::optional<Nth> parse_nth(std::string_view text);
std::string to_text(const Nth& nth);

/// "50ms", "uniform(20ms, 80ms)", "50ms ± 30ms" (also "+-"), "lognormal(80ms, 0.4)".
std::optional<Latency> parse_latency(std::string_view text);
std::string to_text(const Latency& latency);

/// "512B", "4KiB", "1MiB".
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);

/// Go's form, in the largest unit that needs no fraction: "1500ms".
std::string to_text(cluster::Duration duration);

/// `unknown key "thne"; did you mean "then"?`, or what is known where nothing is near.
std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& known);

}  // namespace fakeapi::wire

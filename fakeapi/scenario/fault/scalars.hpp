// The single values of a fault as text, for JSON now and for scenario files: windows, counts,
// distributions, sizes. Each is read fully or not at all, and printed so that it can be read again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::fault {

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

/// "512B", "4KiB", "1MiB".
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);
/// "4KiB/s", not 0.
std::optional<std::uint64_t> parse_rate(std::string_view text);

}  // namespace fakeapi::fault

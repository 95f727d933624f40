// The single values of the language: durations, names, addresses, numbers. Each function takes the
// text of a value and either understands it fully or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::scenario {

/// Go's time.ParseDuration: "300ms", "1.5s", "1m30s", "-2s", "0". Parts of a nanosecond are cut
/// off; what does not fit in 64 bits of nanoseconds is no duration.
std::optional<cluster::Duration> parse_duration(std::string_view text);

/// No duration in a file is longer: six weeks of a recorded cluster, and sums stay far below the
/// 292 years that 64 bits of nanoseconds hold.
inline constexpr cluster::Duration duration_max = std::chrono::hours(1000);

/// The same, from 0 to duration_max.
std::optional<cluster::Duration> parse_span(std::string_view text);

/// What stands before and after the first separator, without blanks around them.
using Halves = std::pair<std::string_view, std::string_view>;
std::optional<Halves> split(std::string_view text, std::string_view separator);

/// A decimal number without sign and leading zeros, at most 18 digits.
std::optional<std::int64_t> parse_number(std::string_view text);

/// A decimal number above 0 and at most 1: "0.5", "1", "5e-2".
std::optional<double> parse_share(std::string_view text);

/// RFC 1123 label: a-z, 0-9 and '-', at most 63, not '-' at either end. What Kubernetes asks of a
/// namespace's name.
bool is_dns_1123_label(std::string_view text);
/// RFC 1035 label: the same, beginning with a letter. What Kubernetes asks of a Service's name.
bool is_dns_1035_label(std::string_view text);
/// IANA_SVC_NAME (RFC 6335, 5.1): at most 15 of a-z, 0-9 and '-', at least one letter, no '-' at
/// either end and no two in a row. What Kubernetes asks of a container port's name.
bool is_port_name(std::string_view text);

/// A Pod's address: the last two bytes of 10.20.x.y, without 10.20.0.0 and 10.20.255.255, which are
/// no host's.
std::optional<std::uint16_t> parse_address(std::string_view text);
std::string to_address(std::uint16_t host);

}  // namespace fakeapi::scenario

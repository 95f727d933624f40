// Values that JSON carries as text and the API rewrites: times and quantities.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cluster::schema {

/// A moment as RFC 3339 writes it.
struct Moment {
  std::int64_t unix_seconds = 0;
  std::int32_t nanoseconds = 0;
};

std::optional<Moment> parse_time(std::string_view text);

/// metav1.Time: "2026-11-23T06:21:04Z", fractions cut off.
std::string time_text(const Moment& moment);
/// metav1.MicroTime: "2026-11-23T06:21:04.000123Z".
std::string micro_time_text(const Moment& moment);

/// The canonical form of a resource.Quantity ("0.5" is "500m", "1024Mi" is "1Gi"), or nothing where
/// the text is none (apimachinery api/resource/quantity.go).
std::optional<std::string> canonical_quantity(std::string_view text);

}  // namespace fakeapi::cluster::schema

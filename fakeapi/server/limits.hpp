// Every limit of the server, each with the precedent that it follows: what an API server does to
// its clients here, a real one does to them too.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fakeapi::server {

struct Limits {
  // Go net/http DefaultMaxHeaderBytes; more is answered with 431.
  std::uint32_t head_bytes_max = 1U << 20U;
  // kube-apiserver MaxRequestBodyBytes; more is answered with 413.
  std::uint64_t body_bytes_max = 3U << 20U;
  // Of a TLS handshake.
  std::chrono::milliseconds handshake_ms_max{10'000};
  // kube-apiserver ReadHeaderTimeout, counted from a head's first byte.
  std::chrono::milliseconds head_ms_max{32'000};
  // kube-apiserver --request-timeout, counted from the end of the head.
  std::chrono::milliseconds body_ms_max{60'000};
  // kube-apiserver IdleTimeout, between two requests.
  std::chrono::milliseconds idle_ms_max{90'000};
  // How long a client that is still sending may read the answer that ended its connection (Go:
  // rstAvoidanceDelay).
  std::chrono::milliseconds linger_ms_max{500};
};

/// A TLS record holds so much plain text (RFC 8446 5.1): what is sent is gathered up to this size,
/// so that what is small is one write, and nothing is held back for more.
inline constexpr std::size_t record_bytes_max = 16U << 10U;

}  // namespace fakeapi::server

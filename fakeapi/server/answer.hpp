// The bytes of an answer: heads, chunks, and the short refusals that the server gives by itself.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::server {

/// How the end of a body is marked, and what becomes of the connection.
struct Framing {
  enum class Body { length, chunked, until_close };
  Body body = Body::length;
  std::size_t length_bytes = 0;
  bool close = false;           // says Connection: close
  bool old_keep_alive = false;  // says Connection: keep-alive, to HTTP/1.0 that asked for it
};

/// Appends status line, the head's own headers, Date, and the framing. `date` is date_text()'s.
void append_head(std::string& out, const wire::Head& head, const Framing& framing,
                 std::string_view date);

/// Appends the bytes [from, to) of one chunk (RFC 9112 7.1), with what stands before its first and
/// after its last. An empty piece appends nothing, as an empty chunk would end the body.
void append_chunk(std::string& out, std::string_view piece, std::size_t from, std::size_t to);
inline void append_chunk(std::string& out, std::string_view piece) {
  append_chunk(out, piece, 0, piece.size());
}
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

inline constexpr int switching_protocols = 101;  // the head of an upgrade to WebSocket
inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
/// Go's net/http, when HTTP comes to a TLS port.
inline constexpr std::string_view plain_http_answer =
    "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

/// The whole answer to what is not an acceptable request: 400 and 431 as Go's net/http words them,
/// 413 as the API's Status. The connection closes after it.
std::string refusal(int status, const std::string& detail = {});

/// "Mon, 23 Nov 2026 06:41:12 GMT" (RFC 9110 5.6.7).
std::string date_text(std::time_t unix_seconds);

bool equal_names(std::string_view left, std::string_view right);  // of headers: without case

/// The head says Connection: close (a server that shuts down).
bool asks_to_close(const wire::Head& head);

}  // namespace fakeapi::server

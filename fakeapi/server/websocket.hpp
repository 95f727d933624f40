// WebSocket (RFC 6455), as far as a server needs it whose clients only listen: a watch may come so
// (apiserver endpoints/handlers/watch.go, HandleWS).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fakeapi::server {

/// The whole head of the answer to an upgrade. `protocol` is the one that was agreed on, or empty.
std::string websocket_head(std::string_view key, std::string_view protocol);

/// Appends the bytes [from, to) of one text frame, with its header before the first.
void append_frame(std::string& out, std::string_view piece, std::size_t from, std::size_t to);

/// Status 1000: all is said.
inline constexpr std::string_view close_frame{"\x88\x02\x03\xe8", 4};

/// Reads what a client sends: texts are ignored, as the real server ignores them.
class FrameReader {
 public:
  struct Heard {
    bool closed = false;  // the client said so, or sends what is no frame of a client
    std::string pongs;    // answers to its pings
  };
  Heard put(std::string_view bytes);

 private:
  std::string rest_;  // of a frame that has not arrived whole
};

}  // namespace fakeapi::server

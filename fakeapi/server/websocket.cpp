#include "fakeapi/server/websocket.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace fakeapi::server {
namespace {

// RFC 6455 1.3: what a server adds to the key, so that nothing else can have answered.
constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

constexpr unsigned text_opcode = 0x1;
constexpr unsigned close_opcode = 0x8;
constexpr unsigned ping_opcode = 0x9;
constexpr unsigned pong_opcode = 0xA;
constexpr unsigned last_fragment = 0x80;
constexpr unsigned masked = 0x80;
constexpr std::size_t small_max = 125;      // 5.2: longer payloads have a longer header
constexpr std::size_t medium_max = 0xffff;  // two bytes of length
constexpr std::size_t mask_bytes = 4;
// A client of a watch has nothing to say; what is longer than this is not listened to.
constexpr std::uint64_t payload_bytes_max = 64 * 1024;

void append_bytes(std::string& out, std::uint64_t value, unsigned count) {
  for (unsigned i = count; i > 0; --i)
    out += static_cast<char>(static_cast<unsigned char>(value >> (8U * (i - 1))));
}

void append_header(std::string& out, unsigned opcode, std::size_t size) {
  out += static_cast<char>(static_cast<unsigned char>(last_fragment | opcode));
  if (size <= small_max) return append_bytes(out, size, 1);
  if (size <= medium_max) {
    append_bytes(out, 126, 1);
    return append_bytes(out, size, 2);
  }
  append_bytes(out, 127, 1);
  append_bytes(out, size, 8);
}

struct Frame {
  unsigned opcode = 0;
  std::string payload;
  std::size_t bytes = 0;  // of the frame
  bool bad = false;
};

std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return value;
}

// The first frame, or nothing as long as it is not whole.
std::optional<Frame> first_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Frame frame;
  frame.opcode = static_cast<unsigned char>(bytes[0]) & 0x0fU;
  const auto second = static_cast<unsigned char>(bytes[1]);
  std::uint64_t size = second & 0x7fU;
  std::size_t at = 2;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (bytes.size() < at + more) return std::nullopt;
  if (more > 0) size = number(bytes.substr(at, more));
  at += more;
  // 5.1: a client masks every frame.
  frame.bad = (second & masked) == 0 || size > payload_bytes_max;
  if (frame.bad) return frame;
  if (bytes.size() < at + mask_bytes + size) return std::nullopt;
  const std::string_view mask = bytes.substr(at, mask_bytes);
  at += mask_bytes;
  for (std::size_t i = 0; i < size; ++i)
    frame.payload += static_cast<char>(bytes[at + i] ^ mask[i % mask_bytes]);
  frame.bytes = at + static_cast<std::size_t>(size);
  return frame;
}

}  // namespace

std::string websocket_head(std::string_view key, std::string_view protocol) {
  const std::string salted = std::string(key) + std::string(key_suffix);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), digest.data());
  std::array<unsigned char, 64> accept{};
  const int size = ::EVP_EncodeBlock(accept.data(), digest.data(), SHA_DIGEST_LENGTH);
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  head.append(reinterpret_cast<const char*>(accept.data()), static_cast<std::size_t>(size));
  if (!protocol.empty()) head += "\r\nSec-WebSocket-Protocol: " + std::string(protocol);
  return head + "\r\n\r\n";
}

void append_frame(std::string& out, std::string_view piece, std::size_t from, std::size_t to) {
  if (from == 0) append_header(out, text_opcode, piece.size());
  out += piece.substr(from, to - from);
}

FrameReader::Heard FrameReader::put(std::string_view bytes) {
  Heard heard;
  rest_ += bytes;
  std::size_t read = 0;
  while (!heard.closed) {
    const auto frame = first_frame(std::string_view(rest_).substr(read));
    if (!frame) break;
    heard.closed = frame->bad || frame->opcode == close_opcode;
    if (frame->opcode == ping_opcode && !frame->bad) {
      append_header(heard.pongs, pong_opcode, frame->payload.size());
      heard.pongs += frame->payload;
    }
    read += frame->bytes;
  }
  rest_.erase(0, read);
  return heard;
}

}  // namespace fakeapi::server

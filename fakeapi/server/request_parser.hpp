// One request out of bytes that come in pieces: HTTP/1.1 as RFC 9112 has it, with the limits of an
// API server. It sees no socket; every refusal is a state that the connection answers.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "fakeapi/cluster/message.hpp"
#include "fakeapi/server/limits.hpp"

namespace fakeapi::server {

class RequestParser {
 public:
  enum class State {
    incomplete,          // more bytes are needed
    complete,            // take() hands the request out
    bad,                 // not HTTP: 400
    head_too_large,      // 431
    body_too_large,      // 413
    unknown_encoding,    // a transfer coding other than chunked: 501
    unknown_version,     // HTTP, but not 1.x: 505
    unknown_expectation  // 417
  };
  struct Result {
    State state;
    std::size_t
        consumed;  // of the bytes given; the rest must be given again, with what comes after it
  };

  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  /// May be called until the state is another than incomplete. Bytes after the request are not
  /// consumed.
  Result put(std::string_view bytes);

  bool head_complete() const;
  /// The client holds its body back until it is told to go on (RFC 9110 10.1.1). True once at most.
  bool take_continue_wish();
  /// The connection may be used again after the answer (RFC 9112 9.3).
  bool keep_alive() const;
  /// HTTP/1.1; otherwise 1.0, which knows no chunks.
  bool knows_chunks() const;

  cluster::Request take();

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace fakeapi::server

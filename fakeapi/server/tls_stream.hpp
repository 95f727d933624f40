// TLS over one non-blocking descriptor, without an event loop: each call does what is possible now
// and says what it waits for. Against asio::ssl::stream this saves two 17 KiB buffers and a pair of
// BIOs for each open connection.
#pragma once

#include <cstddef>
#include <string_view>

struct bio_st;      // OpenSSL's BIO
struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL

namespace fakeapi::server {

class TlsStream {
 public:
  enum class Status {
    done,
    want_read,   // call again when the descriptor is readable
    want_write,  // call again when it is writable, a write with the same bytes
    closed,      // the peer ended the connection, or nothing can be understood any more
    plain_http   // handshake only: the peer speaks HTTP without TLS
  };
  struct Result {
    Status status = Status::closed;
    std::size_t bytes = 0;  // read or written when done
  };

  /// `fd` stays the caller's and must outlive this.
  TlsStream(ssl_ctx_st* context, int fd);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  Result handshake();
  Result read(char* into, std::size_t size);
  /// Writes at most one record; `bytes` must not be empty.
  Result write(std::string_view bytes);
  /// Tells the peer that nothing more comes (close_notify), as far as that is possible at once.
  void close_notify();
  /// Bytes have come that read() may hand out although the descriptor does not become readable.
  bool has_pending() const;

 private:
  Result judge(int outcome, std::size_t bytes);

  ssl_st* ssl_ = nullptr;
  int fd_;
};

}  // namespace fakeapi::server

// OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE on a connection that the peer
// has reset. Ignoring that signal would be inherited by every program started from here, so the BIO
// below sends with MSG_NOSIGNAL.
#include "fakeapi/server/tls_stream.hpp"

#include <cerrno>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace fakeapi::server {
namespace {

bool try_again() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int descriptor_of(BIO* bio) { return *static_cast<int*>(BIO_get_data(bio)); }

int bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(descriptor_of(bio), data, size, MSG_NOSIGNAL);
  *written = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  if (sent < 0 && try_again()) BIO_set_retry_write(bio);
  return sent > 0 ? 1 : 0;
}

int bio_read(BIO* bio, char* into, std::size_t size, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(descriptor_of(bio), into, size, 0);
  *read = got > 0 ? static_cast<std::size_t>(got) : 0;
  if (got < 0 && try_again()) BIO_set_retry_read(bio);
  return got > 0 ? 1 : 0;
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// Made once and kept: OpenSSL wants it to outlive every BIO.
BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write_ex(made, bio_write);
    BIO_meth_set_read_ex(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

}  // namespace

TlsStream::TlsStream(ssl_ctx_st* context, int fd) : fd_(fd) {
  BIO* bio = BIO_new(socket_method());
  ssl_ = SSL_new(context);
  if (!bio || !ssl_) {
    BIO_free(bio);
    SSL_free(ssl_);
    ssl_ = nullptr;
    return;
  }
  BIO_set_data(bio, &fd_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);  // takes it over
  SSL_set_accept_state(ssl_);
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

TlsStream::Result TlsStream::judge(int outcome, std::size_t bytes) {
  if (outcome == 1) return {Status::done, bytes};
  switch (SSL_get_error(ssl_, outcome)) {
    case SSL_ERROR_WANT_READ:
      return {Status::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {Status::want_write};
    default:
      break;
  }
  const int reason = ERR_GET_REASON(ERR_get_error());
  ERR_clear_error();
  return {reason == SSL_R_HTTP_REQUEST ? Status::plain_http : Status::closed};
}

TlsStream::Result TlsStream::handshake() {
  if (!ssl_) return {};
  ERR_clear_error();
  return judge(SSL_do_handshake(ssl_), 0);
}

TlsStream::Result TlsStream::read(char* into, std::size_t size) {
  ERR_clear_error();
  std::size_t got = 0;
  const int outcome = SSL_read_ex(ssl_, into, size, &got);
  return judge(outcome, got);
}

TlsStream::Result TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  const int outcome = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent);
  return judge(outcome, sent);
}

void TlsStream::close_notify() {
  if (!ssl_ || !SSL_is_init_finished(ssl_)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

bool TlsStream::has_pending() const { return SSL_has_pending(ssl_) == 1; }

}  // namespace fakeapi::server

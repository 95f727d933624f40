// The life of a connection: one loop that takes steps until one of them has to wait, and then waits
// for exactly that.
#include "fakeapi/server/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <sys/socket.h>
#include <utility>

#include "fakeapi/server/answer.hpp"
#include "fakeapi/server/services.hpp"

namespace fakeapi::server {

namespace {

// A client that pipelines without end, or a stream that never runs dry, lets the others have their
// turn after so many steps; each step moves one request, or at most about one record of a stream.
constexpr int steps_per_turn_max = 32;

// A stream whose deadline has come and which still says idle is not asked again at once.
constexpr std::chrono::milliseconds wait_ms_min{1};
// A deadline in the far future is looked at again now and then, which keeps the arithmetic in
// range.
constexpr std::chrono::hours wait_max{1};

}  // namespace

Connection::Connection(Services& services, ssl_ctx_st* tls, UniqueFd fd, std::uint64_t number)
    : services_(services), descriptor_(services.context), number_(number) {
  boost::system::error_code error;
  descriptor_.assign(fd.get(), error);
  if (error) return;
  tls_ = std::make_unique<TlsStream>(tls, fd.release());
}

Connection::~Connection() = default;

void Connection::start() {
  if (!tls_) return close();
  services_.deadlines.set_in(*this, services_.limits.handshake_ms_max);
  run();
}

void Connection::start_silent() {
  if (!tls_) return close();
  phase_ = Phase::lingering;  // without a deadline: the client ends it
  run();
}

void Connection::start_cut_in_handshake() {
  if (!tls_) return close();
  phase_ = Phase::hello;
  services_.deadlines.set_in(*this, services_.limits.handshake_ms_max);
  run();
}

void Connection::wake() {
  if (unsent_ && waits_write_) return;  // a stream is not asked while a write is pending
  run();
}

void Connection::run() {
  if (running_ || phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  running_ = true;
  Need need = Need::go_on;
  for (int i = 0; i < steps_per_turn_max && need == Need::go_on; ++i) need = step();
  running_ = false;
  if (phase_ == Phase::closed) return release();
  if (need == Need::go_on) return services_.wake_later(self);
  wait_for(need);
}

Connection::Need Connection::step() {
  switch (phase_) {
    case Phase::handshake:
      return shake_hands();
    case Phase::hello:
      return read_hello();
    case Phase::request:
      return read_request();
    case Phase::thinking:
      return think();
    case Phase::streaming:
      return stream();
    case Phase::lingering:
      return drain();
    case Phase::closed:
      return Need::nothing;
    case Phase::sending:
      break;
  }
  const Need need = flush();
  if (need != Need::go_on) return need;
  if (!parser_) return next_request();
  phase_ = Phase::request;  // what was sent is 100 Continue
  return Need::go_on;
}

Connection::Need Connection::shake_hands() {
  const auto [status, bytes] = tls_->handshake();
  if (status == TlsStream::Status::plain_http) {
    ::send(descriptor_.native_handle(), plain_http_answer.data(), plain_http_answer.size(),
           MSG_NOSIGNAL);
    return linger();
  }
  if (status != TlsStream::Status::done) return need_of(status);
  acknowledge_at_once(descriptor_.native_handle());
  phase_ = Phase::request;
  services_.deadlines.set_in(*this, services_.limits.idle_ms_max);
  return Need::go_on;
}

Connection::Need Connection::read_hello() {
  auto& input = services_.input;
  const ssize_t got = ::recv(descriptor_.native_handle(), input.data(), input.size(), 0);
  if (got > 0) return linger();
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Need::read;
  close();
  return Need::nothing;
}

// Closing while bytes of the client are unread or on their way would answer them with RST, and RST
// makes the client's kernel drop the answer that it has not read yet (RFC 9112 9.6).
Connection::Need Connection::linger() {
  tls_->close_notify();
  ::shutdown(descriptor_.native_handle(), SHUT_WR);
  phase_ = Phase::lingering;
  std::string().swap(unread_);
  services_.deadlines.set_in(*this, services_.limits.linger_ms_max);
  return Need::go_on;
}

Connection::Need Connection::drain() {
  auto& input = services_.input;
  const ssize_t got = ::recv(descriptor_.native_handle(), input.data(), input.size(), 0);
  if (got > 0) return Need::go_on;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Need::read;
  close();
  return Need::nothing;
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::thinking:
    case Phase::streaming:
      return wake();
    case Phase::request:
      return close_in_order();
    default:
      return close();
  }
}

void Connection::wait_for(Need need) {
  using boost::asio::posix::descriptor_base;
  if (need == Need::read && !std::exchange(waits_read_, true)) {
    descriptor_.async_wait(descriptor_base::wait_read,
                           [self = shared_from_this()](const boost::system::error_code&) {
                             self->waits_read_ = false;
                             self->readable_ = true;
                             self->run();
                           });
  }
  if (need == Need::write && !std::exchange(waits_write_, true)) {
    descriptor_.async_wait(descriptor_base::wait_write,
                           [self = shared_from_this()](const boost::system::error_code&) {
                             self->waits_write_ = false;
                             self->run();
                           });
  }
}

void Connection::wait_until(cluster::Instant due) {
  const cluster::Duration left = due - services_.clock();
  services_.deadlines.set_in(*this, std::clamp<cluster::Duration>(left, wait_ms_min, wait_max));
}

bool Connection::client_is_gone() {
  readable_ = false;
  if (!unread_.empty())
    return false;  // the next request is here: it has the connection's end behind it
  auto& input = services_.input;
  const auto [status, bytes] = tls_->read(input.data(), input.size());
  if (status == TlsStream::Status::done) {
    unread_.assign(input.data(), bytes);
    unread_is_new_ = true;
  }
  return status == TlsStream::Status::closed;
}

Connection::Need Connection::need_of(TlsStream::Status status) {
  switch (status) {
    case TlsStream::Status::done:
      return Need::go_on;
    case TlsStream::Status::want_read:
      return Need::read;
    case TlsStream::Status::want_write:
      return Need::write;
    default:
      break;
  }
  close();
  return Need::nothing;
}

void Connection::reset() {
  if (phase_ == Phase::closed) return;
  reset_on_close(descriptor_.native_handle());
  close();
}

void Connection::finish() {
  if (phase_ == Phase::closed) return;
  const bool may_end = !unsent_ && !chunk_open_ && end_ == wire::Segment::State::idle;
  if (phase_ == Phase::streaming && may_end && (chunked_ || frames_)) {
    tls_->write(frames_ ? close_frame : last_chunk);
  }
  close_in_order();
}

void Connection::close_in_order() {
  tls_->close_notify();
  close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  if (std::exchange(watching_, false)) --services_.stream_count;
  phase_ = Phase::closed;
  services_.deadlines.forget(*this);
  boost::system::error_code ignored;
  descriptor_.close(ignored);
  services_.remove(number_);
  if (!running_)
    release();  // otherwise the stream or the handler that led here is still on the stack
}

// Handlers of cancelled waits keep this object alive for a turn, but nothing that is large or the
// cluster's.
void Connection::release() {
  exchange_.reset();
  unsent_.reset();
  parser_.reset();
  frames_.reset();
  tls_.reset();
  std::string().swap(unread_);
}

}  // namespace fakeapi::server

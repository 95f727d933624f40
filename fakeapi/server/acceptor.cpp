// accept4() by hand for close-on-exec; several connections for each time that the loop wakes.
#include "fakeapi/server/acceptor.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace fakeapi::server {

namespace asio = boost::asio;

namespace {

// Open watches get their events in between, however many clients arrive at once.
constexpr int accepts_per_turn_max = 64;
// Without descriptors the listening socket stays readable; trying again at once would only burn the
// CPU.
constexpr std::chrono::milliseconds pause_ms{100};

bool out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

struct Acceptor::State : std::enable_shared_from_this<Acceptor::State> {
  State(asio::io_context& context, UniqueFd listener, OnAccept callback)
      : descriptor(context), pause(context), on_accept(std::move(callback)) {
    boost::system::error_code error;
    descriptor.assign(listener.get(), error);
    if (!error) listener.release();
    closed = error.failed();
  }

  void wait() {
    descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                            if (!error && !self->closed) self->accept_some();
                          });
  }

  void wait_for_resources() {
    pause.expires_after(pause_ms);
    pause.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && !self->closed) self->accept_some();
    });
  }

  void accept_some() {
    for (int i = 0; i < accepts_per_turn_max; ++i) {
      int error = 0;
      UniqueFd fd = accept_connection(descriptor.native_handle(), error);
      if (fd.valid()) on_accept(std::move(fd));
      if (closed) return;
      if (out_of_resources(error)) return wait_for_resources();
      if (error == EAGAIN) break;
      // Anything else is the fault of the one connection that went away in the queue (accept(2),
      // ECONNABORTED).
    }
    wait();
  }

  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
  asio::steady_timer pause;
  OnAccept on_accept;
  bool closed = false;
};

Acceptor::Acceptor(asio::io_context& context, UniqueFd listener, OnAccept on_accept)
    : state_(std::make_shared<State>(context, std::move(listener), std::move(on_accept))) {
  if (!state_->closed) state_->wait();
}

Acceptor::~Acceptor() {
  state_->closed = true;
  boost::system::error_code ignored;
  state_->descriptor.close(ignored);
  state_->pause.cancel();
}

}  // namespace fakeapi::server

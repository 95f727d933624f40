#include "waiter/net/tcp_prober.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "waiter/net/socket.hpp"

namespace waiter::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct Attempt {
  explicit Attempt(asio::io_context& loop) : socket(loop), timer(loop) {}
  tcp::socket socket;
  asio::steady_timer timer;
  bool late = false;
};

}  // namespace

struct TcpProber::Impl {
  asio::io_context& loop;
  OnAnswer on_answer;
};

TcpProber::TcpProber(asio::io_context& loop, OnAnswer on_answer)
    : impl_(std::make_shared<Impl>(Impl{loop, std::move(on_answer)})) {}

TcpProber::~TcpProber() { impl_->on_answer = nullptr; }

void TcpProber::connect(const core::Connect& probe) {
  auto attempt = std::make_shared<Attempt>(impl_->loop);
  const auto answer = [impl = impl_, attempt, id = probe.probe](const error_code& failed) {
    attempt->timer.cancel();
    error_code ignored;
    attempt->socket.close(ignored);
    if (!impl->on_answer) return;
    impl->on_answer({id, !failed, attempt->late ? "no answer" : failed ? failed.message() : ""});
  };
  error_code failed;
  const auto address = asio::ip::make_address(probe.target.address, failed);
  const tcp::endpoint endpoint(address, static_cast<asio::ip::port_type>(probe.target.port));
  if (!failed) open_socket(attempt->socket, endpoint.protocol(), failed);
  if (failed) {
    asio::post(impl_->loop, [answer, failed] { answer(failed); });
    return;
  }
  attempt->timer.expires_after(probe.limit);
  attempt->timer.async_wait([attempt](const error_code& cancelled) {
    if (cancelled) return;
    attempt->late = true;
    error_code ignored;
    attempt->socket.close(ignored);
  });
  attempt->socket.async_connect(endpoint, answer);
}

}  // namespace waiter::net

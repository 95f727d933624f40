// Listening sockets, and the making and ending of connections. All that a connection does is in
// connection.cpp.
#include "fakeapi/server/api_server.hpp"

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "fakeapi/server/acceptor.hpp"
#include "fakeapi/server/connection.hpp"
#include "fakeapi/server/services.hpp"

namespace fakeapi::server {

struct ApiServer::Parts {
  struct Listener {
    std::string address;
    std::uint16_t port;
    std::unique_ptr<Acceptor> acceptor;  // none while the server is down
  };

  std::optional<ListenError> open(Listener& listener) {
    auto opened = open_listener(listener.address, listener.port);
    if (auto* error = std::get_if<ListenError>(&opened)) return std::move(*error);
    UniqueFd fd = std::move(std::get<UniqueFd>(opened));
    listener.port = local_port(fd.get());
    listener.acceptor =
        std::make_unique<Acceptor>(services->context, std::move(fd),
                                   [this](UniqueFd accepted) { start(std::move(accepted)); });
    return std::nullopt;
  }

  void start(UniqueFd fd) {
    const std::uint64_t number = ++last_number;
    const auto connection = std::make_shared<Connection>(*services, std::move(fd), number);
    services->add(connection, number);
    connection->start();
  }

  std::shared_ptr<Services> services;
  std::string identity_error;
  std::vector<Listener> listeners;
  std::uint64_t last_number = 0;
};

ApiServer::ApiServer(boost::asio::io_context& context, const Identity& identity, ClockNow clock,
                     Handler handler, const Limits& limits)
    : parts_(std::make_unique<Parts>()) {
  parts_->services =
      std::make_shared<Services>(context, std::move(clock), std::move(handler), limits);
  parts_->services->on_request = &on_request;
  auto tls = make_tls_context(identity);
  if (auto* error = std::get_if<std::string>(&tls)) {
    parts_->identity_error = std::move(*error);
  } else {
    parts_->services->tls = std::move(std::get<TlsContext>(tls));
  }
}

ApiServer::~ApiServer() { stop(); }

std::variant<std::uint16_t, ListenError> ApiServer::listen(const std::string& address,
                                                           std::uint16_t port) {
  if (!parts_->services->tls) {
    return ListenError{
        EINVAL, "cannot listen on " + endpoint_text(address, port) + ": " + parts_->identity_error};
  }
  Parts::Listener listener{address, port, nullptr};
  if (auto error = parts_->open(listener)) return *error;
  parts_->listeners.push_back(std::move(listener));
  return parts_->listeners.back().port;
}

std::optional<ListenError> ApiServer::set_up(bool up) {
  std::optional<ListenError> first_error;
  for (Parts::Listener& listener : parts_->listeners) {
    if (!up) listener.acceptor.reset();
    if (!up || listener.acceptor) continue;
    auto error = parts_->open(listener);
    if (error && !first_error) first_error = std::move(error);
  }
  if (!up) cut_connections();
  return first_error;
}

void ApiServer::cut_connections() {
  for (const auto& connection : parts_->services->take_all()) connection->reset();
}

void ApiServer::stop() {
  parts_->listeners.clear();
  for (const auto& connection : parts_->services->take_all()) connection->finish();
}

std::size_t ApiServer::connection_count() const { return parts_->services->connection_count(); }
std::size_t ApiServer::stream_count() const { return parts_->services->stream_count; }

}  // namespace fakeapi::server

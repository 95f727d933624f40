// Listening sockets, and the making and ending of connections. All that a connection does is in
// connection.cpp.
#include "fakeapi/server/api_server.hpp"

#include <cerrno>
#include <cstdint>
#include <map>
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

  std::optional<ListenError> open_wanted() {
    std::optional<ListenError> first_error;
    for (Listener& listener : listeners) {
      if (!up || refusing) listener.acceptor.reset();
      if (!up || refusing || listener.acceptor) continue;
      auto error = open(listener);
      if (error && !first_error) first_error = std::move(error);
    }
    return first_error;
  }

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
    const auto fault =
        *on_connect ? (*on_connect)(services->clock(), number) : fault::ConnectFault::none;
    if (fault == fault::ConnectFault::reset || fault == fault::ConnectFault::refuse) {
      return reset_on_close(fd.get());
    }
    const auto flawed = flawed_tls.find(fault);
    ssl_ctx_st* tls = flawed == flawed_tls.end() ? services->tls.get() : flawed->second.get();
    const auto connection = std::make_shared<Connection>(*services, tls, std::move(fd), number);
    services->add(connection, number);
    if (fault == fault::ConnectFault::silence) return connection->start_silent();
    if (fault == fault::ConnectFault::cut_handshake) return connection->start_cut_in_handshake();
    connection->start();
  }

  std::shared_ptr<Services> services;
  std::string identity_error;
  std::vector<Listener> listeners;
  std::map<fault::ConnectFault, TlsContext> flawed_tls;
  const std::function<fault::ConnectFault(cluster::Instant, std::uint64_t)>* on_connect = nullptr;
  std::uint64_t last_number = 0;
  bool up = true;
  bool refusing = false;
};

ApiServer::ApiServer(boost::asio::io_context& context, const Identity& identity, ClockNow clock,
                     Handler handler, const Limits& limits)
    : parts_(std::make_unique<Parts>()) {
  parts_->services =
      std::make_shared<Services>(context, std::move(clock), std::move(handler), limits);
  parts_->on_connect = &on_connect;
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

std::optional<ListenError> ApiServer::set_up(bool up, std::uint64_t spared) {
  parts_->up = up;
  auto error = parts_->open_wanted();
  if (!up)
    cut_connections(Cut::reset, [&](const wire::Caller& one) { return one.connection != spared; });
  return error;
}

std::optional<ListenError> ApiServer::set_refusing(bool refusing) {
  if (std::exchange(parts_->refusing, refusing) == refusing) return std::nullopt;
  return parts_->open_wanted();
}

std::optional<std::string> ApiServer::set_identity(const Identity& identity) {
  auto tls = make_tls_context(identity);
  if (auto* error = std::get_if<std::string>(&tls)) return std::move(*error);
  // Connections hold a reference of their own to the context that they began with (SSL_new(3)).
  parts_->services->tls = std::move(std::get<TlsContext>(tls));
  return std::nullopt;
}

std::optional<std::string> ApiServer::set_flawed_identity(fault::ConnectFault flaw,
                                                          const Identity& identity) {
  auto tls = make_tls_context(identity);
  if (auto* error = std::get_if<std::string>(&tls)) return std::move(*error);
  parts_->flawed_tls[flaw] = std::move(std::get<TlsContext>(tls));
  return std::nullopt;
}

void ApiServer::cut_connections() {
  for (const auto& connection : parts_->services->take_all()) connection->reset();
}

std::size_t ApiServer::cut_connections(Cut how,
                                       const std::function<bool(const wire::Caller&)>& chosen) {
  const auto found = parts_->services->find_all(
      [&](const Connection& connection) { return chosen(connection.caller()); });
  for (const auto& connection : found) {
    if (how == Cut::reset) {
      connection->reset();
    } else {
      connection->finish();
    }
  }
  return found.size();
}

void ApiServer::stop() {
  parts_->listeners.clear();
  for (const auto& connection : parts_->services->take_all()) connection->finish();
}

std::size_t ApiServer::connection_count() const { return parts_->services->connection_count(); }
std::size_t ApiServer::stream_count() const { return parts_->services->stream_count; }

}  // namespace fakeapi::server

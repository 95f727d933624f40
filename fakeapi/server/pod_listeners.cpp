// A listener owns the connections that came through it, so that closing the port ends them too.
#include "fakeapi/server/pod_listeners.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <sys/socket.h>
#include <unordered_set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "fakeapi/server/acceptor.hpp"
#include "fakeapi/server/socket.hpp"

namespace fakeapi::server {

namespace asio = boost::asio;

namespace {

// A scenario has a handful of Pods and clients that probe them; more open connections than this is
// a client that leaks.
constexpr std::size_t connections_max = 1024;

struct Peer;
struct Port {
  std::unique_ptr<Acceptor> acceptor;
  std::unordered_set<std::shared_ptr<Peer>> peers;
};

// One accepted connection; it stays in its port's set until one side ends it.
struct Peer : std::enable_shared_from_this<Peer> {
  Peer(asio::io_context& context, Port& owner, std::size_t& counter)
      : descriptor(context), port(&owner), count(&counter) {
    ++*count;
  }

  void wait() {
    descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                            if (!error && self->port) self->read_away();
                          });
  }

  void read_away() {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(descriptor.native_handle(), bytes.data(), bytes.size(), 0);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return wait();
    const auto self = shared_from_this();
    port->peers.erase(self);
    close();
  }

  void reset() {
    reset_on_close(descriptor.native_handle());
    close();
  }

  void close() {
    port = nullptr;
    --*count;
    boost::system::error_code ignored;
    descriptor.close(ignored);
  }

  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
  Port* port;
  std::size_t* count;
};

}  // namespace

struct PodListeners::Parts {
  using Key = std::pair<std::string, int>;

  explicit Parts(asio::io_context& io_context) : context(io_context) {}

  std::optional<std::string> open(const std::string& address, int number) {
    if (ports.count({address, number}) != 0) return std::nullopt;
    if (number < 1 || number > 65535)
      return "port " + std::to_string(number) + " is not a TCP port";
    auto opened = open_listener(address, static_cast<std::uint16_t>(number));
    if (auto* error = std::get_if<ListenError>(&opened)) return std::move(error->message);
    Port& port = ports[{address, number}];
    port.acceptor =
        std::make_unique<Acceptor>(context, std::move(std::get<UniqueFd>(opened)),
                                   [this, &port](UniqueFd fd) { hold(port, std::move(fd)); });
    return std::nullopt;
  }

  void hold(Port& port, UniqueFd fd) {
    if (connection_count >= connections_max) return reset_on_close(fd.get());
    const auto peer = std::make_shared<Peer>(context, port, connection_count);
    boost::system::error_code error;
    peer->descriptor.assign(fd.get(), error);
    if (error) return peer->close();
    fd.release();
    port.peers.insert(peer);
    peer->wait();
  }

  using Ports = std::map<Key, Port>;

  Ports::iterator close(Ports::iterator found) {
    found->second.acceptor.reset();
    for (const auto& peer : std::exchange(found->second.peers, {})) peer->reset();
    return ports.erase(found);
  }

  void close_all(const std::string& address) {
    for (auto next = ports.lower_bound({address, 0});
         next != ports.end() && next->first.first == address;) {
      next = close(next);
    }
  }

  asio::io_context& context;
  Ports ports;  // a map: what it holds stays where it is, and accept callbacks point there
  std::size_t connection_count = 0;
};

PodListeners::PodListeners(asio::io_context& context) : parts_(std::make_unique<Parts>(context)) {}

PodListeners::~PodListeners() { close_all(); }

void PodListeners::close_all() {
  while (!parts_->ports.empty()) parts_->close(parts_->ports.begin());
}

std::optional<std::string> PodListeners::set(const std::string& address,
                                             const std::vector<int>& ports, bool listening) {
  if (!listening && ports.empty()) parts_->close_all(address);
  std::string problems;
  for (const int port : ports) {
    if (!listening) {
      const auto found = parts_->ports.find({address, port});
      if (found != parts_->ports.end()) parts_->close(found);
      continue;
    }
    if (auto problem = parts_->open(address, port)) {
      problems += (problems.empty() ? "" : "; ") + *problem;
    }
  }
  if (problems.empty()) return std::nullopt;
  return problems;
}

std::size_t PodListeners::connection_count() const { return parts_->connection_count; }

}  // namespace fakeapi::server

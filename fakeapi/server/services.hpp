// What the connections of one server share: its settings, its one timer, the buffers that a turn of
// the loop needs, and the book of who is there.
#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/server/api_server.hpp"
#include "fakeapi/server/deadlines.hpp"
#include "fakeapi/server/limits.hpp"
#include "fakeapi/server/tls_context.hpp"

namespace fakeapi::server {

class Connection;

class Services : public std::enable_shared_from_this<Services> {
 public:
  Services(boost::asio::io_context& io_context, ApiServer::ClockNow clock_now,
           ApiServer::Handler request_handler, const Limits& server_limits);

  void add(const std::shared_ptr<Connection>& connection, std::uint64_t number);
  void remove(std::uint64_t number) { connections_.erase(number); }
  std::size_t connection_count() const { return connections_.size(); }
  /// Takes every connection out of the book.
  std::vector<std::shared_ptr<Connection>> take_all();
  /// Those that are chosen; they stay in the book until they have ended.
  std::vector<std::shared_ptr<Connection>> find_all(
      const std::function<bool(const Connection&)>& chosen) const;

  /// Runs the connection in a later turn of the loop: streams that became ready while the cluster
  /// was busy, and connections that have more to do than one turn allows.
  void wake_later(std::weak_ptr<Connection> connection);

  /// The Date header of now; formatted once a second.
  const std::string& date();

  boost::asio::io_context& context;
  const ApiServer::ClockNow clock;
  const ApiServer::Handler handler;
  const Limits limits;
  TlsContext tls;
  Deadlines deadlines;
  std::size_t stream_count = 0;

  // Only one connection acts at a time: what arrives and what leaves passes through these, and an
  // idle connection keeps no buffer of its own.
  std::array<char, record_bytes_max> input{};
  std::string output;

 private:
  void wake_all();

  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  std::vector<std::weak_ptr<Connection>> woken_;
  bool wake_posted_ = false;
  std::time_t date_seconds_ = -1;
  std::string date_;
};

}  // namespace fakeapi::server

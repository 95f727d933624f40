// One event wakes thousands of streams: they are noted in a list, and one posted call runs them
// all.
#include "fakeapi/server/services.hpp"

#include <cstdint>
#include <utility>

#include <boost/asio/post.hpp>

#include "fakeapi/server/answer.hpp"
#include "fakeapi/server/connection.hpp"

namespace fakeapi::server {

Services::Services(boost::asio::io_context& io_context, ApiServer::ClockNow clock_now,
                   ApiServer::Handler request_handler, const Limits& server_limits)
    : context(io_context),
      clock(std::move(clock_now)),
      handler(std::move(request_handler)),
      limits(server_limits),
      deadlines(io_context) {}

void Services::add(const std::shared_ptr<Connection>& connection, std::uint64_t number) {
  connections_.emplace(number, connection);
}

std::vector<std::shared_ptr<Connection>> Services::take_all() {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (auto& [number, connection] : connections_) all.push_back(std::move(connection));
  connections_.clear();
  return all;
}

std::vector<std::shared_ptr<Connection>> Services::find_all(
    const std::function<bool(const Connection&)>& chosen) const {
  std::vector<std::shared_ptr<Connection>> found;
  for (const auto& [number, connection] : connections_) {
    if (chosen(*connection)) found.push_back(connection);
  }
  return found;
}

void Services::wake_later(std::weak_ptr<Connection> connection) {
  woken_.push_back(std::move(connection));
  if (std::exchange(wake_posted_, true)) return;
  boost::asio::post(context, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake_all();
  });
}

void Services::wake_all() {
  wake_posted_ = false;
  // What is woken from here on belongs to the next turn, after sockets have had theirs.
  for (const auto& weak : std::exchange(woken_, {})) {
    if (const auto connection = weak.lock()) connection->wake();
  }
}

const std::string& Services::date() {
  const std::time_t now = std::time(nullptr);
  if (now != std::exchange(date_seconds_, now)) date_ = date_text(now);
  return date_;
}

}  // namespace fakeapi::server

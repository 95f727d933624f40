#include "fakeapi/scenario/expect/clients.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "fakeapi/cluster/api/uri.hpp"

namespace fakeapi::scenario {
namespace {

struct Connection {
  cluster::Instant last{};  // of its requests, or the end of its streams
  std::size_t client = 0;
};

cluster::Instant over(const RequestSeen& request) {
  if (!request.is_stream) return request.real;
  return request.ended.value_or(cluster::Instant::max());
}

bool is_later_page(const RequestSeen& request) {
  return cluster::parse_uri(request.target).has("continue");
}

std::string thing(const RequestSeen& request) {
  const cluster::Uri uri = cluster::parse_uri(request.target);
  return uri.path + "\n" + std::string(uri.parameter("labelSelector")) + "\n" +
         std::string(uri.parameter("fieldSelector"));
}

}  // namespace

std::vector<std::size_t> clients_of(const Record& record) {
  std::map<std::uint64_t, Connection> connections;
  for (const RequestSeen& request : record.requests) {
    Connection& connection = connections[request.connection];
    connection.last = std::max(connection.last, over(request));
  }
  std::map<std::string, std::vector<std::uint64_t>> heads;  // the last connection of each client
  std::map<std::uint64_t, bool> seen;
  std::size_t count = 0;
  std::vector<std::size_t> clients;
  for (const RequestSeen& request : record.requests) {
    Connection& connection = connections[request.connection];
    if (!std::exchange(seen[request.connection], true)) {
      // Of the clients that are free, the one that was so last: a loop goes on as itself.
      std::uint64_t* before = nullptr;
      for (std::uint64_t& head : heads[request.user_agent]) {
        const cluster::Instant last = connections[head].last;
        if (last <= request.real && (before == nullptr || connections[*before].last < last))
          before = &head;
      }
      connection.client = before == nullptr ? count++ : connections[*before].client;
      if (before == nullptr) {
        heads[request.user_agent].push_back(request.connection);
      } else {
        *before = request.connection;
      }
    }
    clients.push_back(connection.client);
  }
  return clients;
}

std::vector<Group> groups(const Record& record,
                          const std::function<bool(const RequestSeen&)>& wanted) {
  const std::vector<std::size_t> clients = clients_of(record);
  std::map<std::tuple<std::size_t, std::string, std::string>, Group> by_name;
  for (std::size_t i = 0; i < record.requests.size(); ++i) {
    const RequestSeen& request = record.requests[i];
    if (!wanted(request) || is_later_page(request)) continue;
    by_name[{clients[i], request.attributes.verb, thing(request)}].push_back(&request);
  }
  std::vector<Group> out;
  for (auto& [name, group] : by_name) out.push_back(std::move(group));
  return out;
}

}  // namespace fakeapi::scenario

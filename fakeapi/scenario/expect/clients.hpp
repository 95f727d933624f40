// Who asked: requests as those of single clients, as far as a server can tell them apart.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "fakeapi/scenario/expect/record.hpp"

namespace fakeapi::scenario {

/// For each request of the record the number of its client. A User-Agent is a client, but one whose
/// connections are in use at the same time may be several programs (or one with a pool): each chain
/// of connections of which the next begins where the one before is over is then taken for a client.
/// So a loop that connects anew each time is one, and replicas that keep their connections are as
/// many as they are. Programs of one User-Agent that take turns with connections that carry one
/// request are taken for one client.
std::vector<std::size_t> clients_of(const Record& record);

/// Requests of one client for one thing, in order.
using Group = std::vector<const RequestSeen*>;

/// Of one client, verb, path, and label and field selector. Pages after the first belong to the
/// first and are left out.
std::vector<Group> groups(const Record& record,
                          const std::function<bool(const RequestSeen&)>& wanted);

}  // namespace fakeapi::scenario

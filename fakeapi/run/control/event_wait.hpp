// Questions about the event log: what has been written since the last question, waiting for it if
// there is nothing yet.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/run/event_log.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::run {

struct EventQuery {
  std::uint64_t since = 0;  // only lines with a greater number
  cluster::Duration timeout{};
};

/// `since` and `timeout`; the text says what is wrong with them.
std::variant<EventQuery, std::string> parse_event_query(const cluster::Uri& uri);

/// {"seq": N, "epoch": E, "epoch-since": M, "events": [...]}, at once when there are such events,
/// else when there are or when the time is over. `seq` is the number of the last line. A number
/// that is not reached yet is of another server's log: the answer comes at once. The log must
/// outlive it.
wire::Exchange answer_event_query(cluster::Instant now, EventLog& log, EventQuery query);

}  // namespace fakeapi::run

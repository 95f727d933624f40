// Everything that can happen to the engine. An event carries what is needed to decide, as plain
// values; where it came from (a socket, the simulator, a test) is not visible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "waiter/core/failure.hpp"
#include "waiter/core/slice.hpp"

namespace waiter::core {

/// Which list and watch: the index of a namespace in the engine's order.
using ReflectorId = std::size_t;
/// Which attempt to connect: never used twice.
using ProbeId = std::uint64_t;

struct Started {};
/// next_deadline() has come.
struct DeadlineReached {};
/// A list is complete and understood; or one object was read, and `resource_version` is its own, or
/// "" where it does not exist.
struct Listed {
  ReflectorId reflector = 0;
  std::string resource_version;
  std::vector<Slice> slices;
};
struct WatchOpened {
  ReflectorId reflector = 0;
};
struct SliceChanged {
  ReflectorId reflector = 0;
  enum class Type { upserted, deleted } type = Type::upserted;
  Slice slice;
  bool followed = false;  // by another event of the same bytes: nothing is decided before it
};
struct Bookmarked {
  ReflectorId reflector = 0;
  std::string resource_version;
  bool initial_events_end = false;  // what was there when the stream began is complete (KEP-3157)
};
/// The server ended the watch as it should.
struct WatchEnded {
  ReflectorId reflector = 0;
};
/// A list or a watch failed; a watch may have been open before.
struct RequestFailed {
  ReflectorId reflector = 0;
  Failure failure;
};
/// The answer to a ConfirmView, as of a moment after it was asked for.
struct ViewConfirmed {
  ReflectorId reflector = 0;
  std::string resource_version;
  std::vector<Slice> slices;
};
struct ConfirmationFailed {
  ReflectorId reflector = 0;
  Failure failure;
};
struct ProbeAnswered {
  ProbeId probe = 0;
  bool connected = false;
  std::string error;  // the system's words, "" when connected
};
/// The answer to an AskService.
struct ServiceTold {
  std::string namespace_name;
  std::string service;
  enum class Type {
    unknown,  // forbidden, or no answer
    absent,
    external_name,
    with_endpoints
  } type = Type::unknown;
};
struct SignalReceived {
  enum class Signal { terminate, interrupt } signal = Signal::terminate;
};

using Event = std::variant<Started, DeadlineReached, Listed, WatchOpened, SliceChanged, Bookmarked,
                           WatchEnded, RequestFailed, ViewConfirmed, ConfirmationFailed,
                           ProbeAnswered, ServiceTold, SignalReceived>;

}  // namespace waiter::core

// One fault as a plain value: which requests it meets, when, and what becomes of them. It says
// nothing of sockets and holds no state, so that the server, the simulator, the control API and a
// scenario speak of the same thing.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/scenario/language/distribution.hpp"

namespace fakeapi::fault {

/// How near a fault is to what clients meet in the world, from near to far.
enum class Faithfulness {
  real,             // an API server does this
  real_over_http1,  // it does, and a client that speaks HTTP/2 would notice by its pings
  network,          // what stands between client and API server does this
  hostile           // no server that keeps its promises does this
};

/// Half open: [from, to) on the cluster's time.
struct Window {
  cluster::Instant from{};
  cluster::Instant to = cluster::Instant::max();
  bool holds(cluster::Instant now) const { return from <= now && now < to; }
  bool operator==(const Window&) const = default;
};

enum class Parity { even, odd };

/// What a request must be like. Whatever is empty does not narrow; a text that ends in '*' fits all
/// that begin with what stands before it.
struct Match {
  std::vector<std::string> verbs;      // of attributes_of: "get", "list", "watch", "create", ...
  std::vector<std::string> resources;  // "endpoints"; subresources as in RBAC: "pods/status"
  std::optional<std::string> group;    // "" is the core group
  std::string namespace_name;
  std::string name;        // of the path, or the one that a fieldSelector demands
  std::string user_agent;  // a prefix
  std::optional<std::uint64_t> connection;
  std::optional<Parity> parity;  // of the connection's number
  /// Of the requests that fit all of the above inside the window, counted from 1.
  std::uint64_t nth_first = 1;
  std::uint64_t nth_last = std::numeric_limits<std::uint64_t>::max();
  /// Each of those is met with this probability.
  double fraction = 1;
  bool operator==(const Match&) const = default;
};

/// How a refusal looks on the wire: the three real forms of 429, and what stands before a server.
enum class AnswerForm { status, overload, shutting_down, text };

/// An answer that the cluster is not asked for.
struct Respond {
  int status = 500;
  AnswerForm form = AnswerForm::status;
  std::optional<int> retry_after_seconds;  // else the form's own
  std::string message;                     // else the status's own
  bool operator==(const Respond&) const = default;
};

/// Instead of an answer.
enum class NoAnswer { silence, close, reset };

/// What becomes of a body of known length.
enum class BodyEffect { cut, reset, stall, shorten };
struct BodyFault {
  std::optional<std::uint64_t> after_bytes;  // else after_fraction of the body
  double after_fraction = 0.5;
  BodyEffect then = BodyEffect::cut;
  bool operator==(const BodyFault&) const = default;
};

/// What becomes of a watch.
enum class StreamEffect {
  close,
  cut,
  reset,
  stall,
  cut_event,
  cut_chunk,
  cut_character,
  error_410,
  error_429,
  error_500,
  duplicate,
  reorder,
  drop
};
struct StreamFault {
  std::uint64_t after_events = 0;  // bookmarks and initial events count
  cluster::Duration after{};       // since the stream began; both must have passed
  StreamEffect then = StreamEffect::cut;
  bool operator==(const StreamFault&) const = default;
};

/// What becomes of a connection before it carries a request.
enum class ConnectFault {
  none,
  refuse,
  silence,
  reset,
  cut_handshake,
  expired,
  wrong_ca,
  wrong_host
};

/// Another API server answers, whose watch cache is behind.
struct Replica {
  bool held = false;        // where it was when the fault's window opened
  cluster::Duration lag{};  // else so far behind, on the scenario's clock
  bool operator==(const Replica&) const = default;
};

/// At least one of them. `connect` stands alone; `respond` and `no_answer` exclude each other.
struct Action {
  std::optional<scenario::Distribution> latency;  // before the head
  std::uint64_t bandwidth_bytes_per_second = 0;   // 0: no limit
  std::optional<Respond> respond;
  std::optional<NoAnswer> no_answer;
  bool carried_out = false;  // with no_answer: the cluster does what was asked, only nobody hears
  std::optional<BodyFault> body;
  std::optional<StreamFault> stream;
  std::optional<Replica> replica;
  ConnectFault connect = ConnectFault::none;
  bool operator==(const Action&) const = default;
};

struct Fault {
  std::string name;  // an RFC 1123 label
  Match match;
  Window window;
  Action action;
  bool operator==(const Fault&) const = default;
};

/// What a fault sees of a request.
struct Arrival {
  std::uint64_t connection = 0;
  std::string_view user_agent;
  const cluster::Attributes* attributes = nullptr;  // null: a connection that has just come
};

/// Whether a request is as a match wants it, leaving count and chance aside.
bool fits(const Match& match, const Arrival& arrival);

/// Whether the request is of the kind that the fault is about, leaving count and chance aside.
bool fits(const Fault& fault, cluster::Instant now, const Arrival& arrival);

/// The least faithful of what it does.
Faithfulness faithfulness(const Action& action);

}  // namespace fakeapi::fault

// Requests and what comes of them, as values: the border between what decides and what sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "waiter/core/action.hpp"

namespace waiter::session {

/// Never used twice: an answer to a request that was given up is known by its number, and dropped.
using RequestId = std::uint64_t;

struct SendRequest {
  RequestId id = 0;
  std::string target;   // origin form; the method is GET
  bool stream = false;  // a watch: it gets a connection of its own for as long as it lives
};
/// Forget the request and close its connection; nothing about it is wanted any more.
struct CancelRequest {
  RequestId id = 0;
};

/// How a request came to its end, seen from the socket.
struct End {
  enum class Kind {
    complete,  // the whole answer was read
    refused,
    unreachable,  // no route, no name, no answer to the connect
    untrusted_certificate,
    tls_failed,
    broken,                 // the connection was reset, or closed in the middle of an answer
    credentials_unreadable  // nothing was sent: token or CA cannot be read
  };
  Kind kind = Kind::complete;
  std::string message;  // the system's words
};

/// What comes with the head of an answer and matters.
struct Head {
  int status = 0;
  std::string retry_after;  // the header's text, "" when absent
};

/// What a driver has to do: requests from the session, the rest straight from the engine.
using Command =
    std::variant<SendRequest, CancelRequest, core::Connect, core::ReportDependency,
                 core::ReportTrouble, core::ReportFallback, core::ReportRecovery,
                 core::ReportHeartbeat, core::ReportEnd, core::VerdictChanged, core::Finish>;

}  // namespace waiter::session

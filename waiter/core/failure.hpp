// What can go wrong on the way to the API, named by the reaction that it asks for. Two causes with
// the same reaction differ only in what the user is told.
#pragma once

#include <optional>
#include <string>

#include "waiter/core/clock.hpp"

namespace waiter::core {

enum class Reaction {
  retry,     // the same request again, later: nothing is known to have changed
  back_off,  // the server asks for patience (429): the same request, not before it says
  relist,    // the history is of no use (410, 5xx, what cannot be understood): start from a list
  reauthenticate,  // 401: read the token again
  deny,            // 403: a person must grant something; go on slowly
  absent,          // 404: the API server does not know this resource
  decline          // 400, 422: it knows the resource, and not this way to ask
};

enum class Cause {
  refused,                 // nothing listens at the API server's address
  unreachable,             // no route, no name, or no answer to a connect
  untrusted_certificate,   // TLS: the server's certificate is not signed by the CA, or not for this
                           // name
  tls_failed,              // TLS in any other way
  broken,                  // the connection ended in the middle of an answer
  too_slow,                // no answer, or a silent stream, within the time that is allowed
  credentials_unreadable,  // token or CA cannot be read from their files
  unauthorized,
  forbidden,
  not_found,
  throttled,
  expired,
  server_error,
  rejected,    // the request itself is not accepted
  undecodable  // an answer that is no answer of this API
};

struct Failure {
  Cause cause = Cause::broken;
  int http_status = 0;                  // 0 where there was no answer
  std::string message;                  // the server's or the system's own words
  std::optional<Duration> retry_after;  // what the server asked for
};

/// The same to the user, who hears of it once.
inline bool is_same(const Failure& left, const Failure& right) {
  return left.cause == right.cause && left.http_status == right.http_status &&
         left.message == right.message;
}

constexpr Reaction reaction_to(Cause cause) {
  switch (cause) {
    case Cause::unauthorized:
      return Reaction::reauthenticate;
    case Cause::forbidden:
      return Reaction::deny;
    case Cause::not_found:
      return Reaction::absent;
    case Cause::throttled:
      return Reaction::back_off;
    case Cause::rejected:
      return Reaction::decline;
    case Cause::expired:
    case Cause::server_error:
    case Cause::undecodable:
      return Reaction::relist;
    case Cause::refused:
    case Cause::unreachable:
    case Cause::untrusted_certificate:
    case Cause::tls_failed:
    case Cause::broken:
    case Cause::too_slow:
    case Cause::credentials_unreadable:
      return Reaction::retry;
  }
  return Reaction::retry;
}

}  // namespace waiter::core

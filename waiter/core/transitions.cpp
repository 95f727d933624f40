#include "waiter/core/transitions.hpp"

#include <algorithm>

namespace waiter::core {
namespace {

using S = WatchState;
using O = Occurrence;
using E = Effect;

// client-go: tools/cache/reflector.go, list(), watch(), isWatchErrorRetriable(), isExpiredError().
// API concepts: kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of
// changes".
const std::vector<Transition> table = {
    {S::idle, O::start, S::listing, E::send_list,
     "a list as of now comes first: a watch from no version would begin with whatever a cache has"},

    {S::listing, O::listed, S::opening, E::replace_and_watch,
     "what a complete list does not hold is gone; watch from the list's version, never from an "
     "item's"},
    {S::listing, O::failed_retry, S::list_waiting, E::wait_then_list, "the API may come back"},
    {S::listing, O::failed_back_off, S::list_waiting, E::wait_then_list,
     "429: not before Retry-After"},
    {S::listing, O::failed_relist, S::list_waiting, E::wait_then_list,
     "410, 5xx or an answer that is none: a partial or broken list never counts"},
    {S::listing, O::failed_reauthenticate, S::list_waiting, E::wait_then_list,
     "the token is read again for the next attempt: kubelet replaces it on disk"},
    {S::listing, O::failed_deny, S::list_waiting, E::wait_then_list,
     "a Role may be bound after the Pod has started"},
    {S::listing, O::failed_absent, S::list_waiting, E::wait_then_list,
     "404: an API server that still starts, or one that is too old"},

    {S::list_waiting, O::retry_due, S::listing, E::send_list, "the delay is over"},

    {S::opening, O::opened, S::watching, E::none, "the head comes at once, before any event"},
    {S::opening, O::failed_retry, S::watch_waiting, E::wait_then_watch,
     "the version is still good: no relist, so that an API that restarts is not flooded with "
     "lists"},
    {S::opening, O::failed_back_off, S::watch_waiting, E::wait_then_watch,
     "429: keep the version, be patient"},
    {S::opening, O::failed_relist, S::list_waiting, E::wait_then_list,
     "410 as an HTTP status (proxies, servers without a cache) is the same as in the stream"},
    {S::opening, O::failed_reauthenticate, S::watch_waiting, E::wait_then_watch,
     "401: the token is read again, the version is still good"},
    {S::opening, O::failed_deny, S::watch_waiting, E::wait_then_watch, "403: the grant may come"},
    {S::opening, O::failed_absent, S::list_waiting, E::wait_then_list, "404: begin again"},

    {S::watching, O::changed, S::watching, E::apply,
     "the version of the object is the version of the view"},
    {S::watching, O::bookmark, S::watching, E::note_version,
     "a bookmark changes the version and no object"},
    {S::watching, O::ended, S::opening, E::open_watch,
     "the lifetime that was asked for is over: resume at once from the last version"},
    {S::watching, O::ended_silent, S::listing, E::send_list,
     "a server sends a bookmark before the end: silence may mean that the version lies in its "
     "future (etcd was "
     "restored), where it would stay silent for ever"},
    {S::watching, O::ended_soon, S::watch_waiting, E::wait_then_watch,
     "no server that was asked for a long watch ends it at once: without a delay this is a hot "
     "loop"},
    {S::watching, O::ended_early, S::list_waiting, E::wait_then_list,
     "a stream that ends within a second without an event hides a 410 behind a proxy "
     "(VeryShortWatchError)"},
    {S::watching, O::failed_retry, S::watch_waiting, E::wait_then_watch,
     "cut or silent: the view is kept, a partial line is dropped, the server replays what was "
     "missed"},
    {S::watching, O::failed_back_off, S::watch_waiting, E::wait_then_watch,
     "ERROR 429 in the stream"},
    {S::watching, O::failed_relist, S::list_waiting, E::wait_then_list,
     "ERROR 410 or 500, or a line that is none: the history is lost; nothing of it is applied"},
    {S::watching, O::failed_reauthenticate, S::watch_waiting, E::wait_then_watch,
     "ERROR 401 in the stream"},
    {S::watching, O::failed_deny, S::watch_waiting, E::wait_then_watch, "ERROR 403 in the stream"},
    {S::watching, O::failed_absent, S::list_waiting, E::wait_then_list, "ERROR 404 in the stream"},

    {S::watch_waiting, O::retry_due, S::opening, E::open_watch, "the delay is over"},
};

}  // namespace

const std::vector<Transition>& transitions() { return table; }

const Transition* find_transition(WatchState from, Occurrence occurrence) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const Transition& t) {
    return t.from == from && t.occurrence == occurrence;
  });
  return row == table.end() ? nullptr : &*row;
}

std::string_view name_of(WatchState state) {
  switch (state) {
    case S::idle:
      return "idle";
    case S::listing:
      return "listing";
    case S::list_waiting:
      return "list_waiting";
    case S::opening:
      return "opening";
    case S::watching:
      return "watching";
    case S::watch_waiting:
      return "watch_waiting";
  }
  return "?";
}

std::string_view name_of(Occurrence occurrence) {
  switch (occurrence) {
    case O::start:
      return "start";
    case O::retry_due:
      return "retry_due";
    case O::listed:
      return "listed";
    case O::opened:
      return "opened";
    case O::changed:
      return "changed";
    case O::bookmark:
      return "bookmark";
    case O::ended:
      return "ended";
    case O::ended_silent:
      return "ended_silent";
    case O::ended_soon:
      return "ended_soon";
    case O::ended_early:
      return "ended_early";
    case O::failed_retry:
      return "failed_retry";
    case O::failed_back_off:
      return "failed_back_off";
    case O::failed_relist:
      return "failed_relist";
    case O::failed_reauthenticate:
      return "failed_reauthenticate";
    case O::failed_deny:
      return "failed_deny";
    case O::failed_absent:
      return "failed_absent";
  }
  return "?";
}

std::string_view name_of(Effect effect) {
  switch (effect) {
    case E::none:
      return "none";
    case E::send_list:
      return "send_list";
    case E::replace_and_watch:
      return "replace_and_watch";
    case E::open_watch:
      return "open_watch";
    case E::apply:
      return "apply";
    case E::note_version:
      return "note_version";
    case E::wait_then_list:
      return "wait_then_list";
    case E::wait_then_watch:
      return "wait_then_watch";
  }
  return "?";
}

}  // namespace waiter::core

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
    {S::idle, O::start, S::streaming, E::stream_list,
     "one request for what there is and for what changes; a watch from no version without initial "
     "events would begin with whatever a cache has"},

    {S::streaming, O::stream_known_unsupported, S::listing, E::send_list,
     "it is not asked for twice"},
    {S::streaming, O::opened, S::syncing, E::await_sync, "the head comes before any event"},
    {S::streaming, O::failed_decline, S::listing, E::send_list,
     "422: the WatchList gate is off, or the server is of 1.19 to 1.26 (validation of "
     "ListOptions)"},
    {S::streaming, O::failed_deny, S::listing, E::send_list,
     "403: where a watch is forbidden a list may be allowed"},
    {S::streaming, O::failed_retry, S::list_waiting, E::wait_then_list, "the API may come back"},
    {S::streaming, O::failed_back_off, S::list_waiting, E::wait_then_list,
     "429: not before Retry-After"},
    {S::streaming, O::failed_relist, S::list_waiting, E::wait_then_list,
     "410, 5xx or an answer that is none"},
    {S::streaming, O::failed_reauthenticate, S::list_waiting, E::wait_then_list,
     "the token is read again for the next attempt: kubelet replaces it on disk"},
    {S::streaming, O::failed_absent, S::list_waiting, E::wait_then_list,
     "404: an API server that still starts, or one that is too old"},

    {S::syncing, O::changed, S::syncing, E::collect, "part of what there is never counts"},
    {S::syncing, O::bookmark, S::syncing, E::none, "a bookmark without the mark ends nothing"},
    {S::syncing, O::synced, S::watching, E::take_collected,
     "k8s.io/initial-events-end: complete, at the version of the bookmark"},
    {S::syncing, O::synced_older, S::list_waiting, E::wait_then_list,
     "never backwards: another replica, or an etcd that was restored"},
    {S::syncing, O::sync_overdue, S::listing, E::abandon_and_list,
     "a server before 1.19 ignores sendInitialEvents, and the mark never comes"},
    {S::syncing, O::ended_soon, S::list_waiting, E::wait_then_list,
     "it ended before it was complete"},
    {S::syncing, O::ended_early, S::list_waiting, E::wait_then_list, "the same"},
    {S::syncing, O::failed_retry, S::list_waiting, E::wait_then_list, "cut before it was complete"},
    {S::syncing, O::failed_back_off, S::list_waiting, E::wait_then_list, "ERROR 429 in the stream"},
    {S::syncing, O::failed_relist, S::list_waiting, E::wait_then_list,
     "ERROR 410 or 500, or a line that is none"},
    {S::syncing, O::failed_reauthenticate, S::list_waiting, E::wait_then_list,
     "ERROR 401 in the stream"},
    {S::syncing, O::failed_deny, S::list_waiting, E::wait_then_list, "ERROR 403 in the stream"},
    {S::syncing, O::failed_absent, S::list_waiting, E::wait_then_list, "ERROR 404 in the stream"},
    {S::syncing, O::failed_decline, S::listing, E::send_list, "ERROR 422 in the stream"},

    {S::listing, O::listed, S::opening, E::replace_and_watch,
     "what a complete list does not hold is gone; watch from the list's version, never from an "
     "item's"},
    {S::listing, O::listed_older, S::list_waiting, E::wait_then_list,
     "never backwards: a list as of now that is older comes from another replica; when it comes "
     "again and again, history itself was rolled back (etcd restored), and the next one counts"},
    {S::listing, O::failed_retry, S::list_waiting, E::wait_then_list, "the API may come back"},
    {S::listing, O::failed_back_off, S::list_waiting, E::wait_then_list,
     "429: not before Retry-After"},
    {S::listing, O::failed_relist, S::list_waiting, E::wait_then_list,
     "410, 5xx or an answer that is none: a partial or broken list never counts"},
    {S::listing, O::failed_decline, S::list_waiting, E::wait_then_list,
     "a plain list that is not accepted: some proxy, or some other server"},
    {S::listing, O::failed_reauthenticate, S::list_waiting, E::wait_then_list,
     "the token is read again for the next attempt: kubelet replaces it on disk"},
    {S::listing, O::failed_deny, S::list_waiting, E::wait_then_list,
     "a Role may be bound after the Pod has started"},
    {S::listing, O::failed_deny_list, S::polling, E::send_poll,
     "a right to get alone allows polling alone"},
    {S::listing, O::failed_absent, S::list_waiting, E::wait_then_list,
     "404: an API server that still starts, or one that is too old"},

    {S::list_waiting, O::retry_due, S::streaming, E::stream_list, "the delay is over"},

    {S::opening, O::opened, S::watching, E::none, "the head comes at once, before any event"},
    {S::opening, O::failed_retry, S::watch_waiting, E::wait_then_watch,
     "the version is still good: no relist, so that an API that restarts is not flooded with "
     "lists"},
    {S::opening, O::failed_back_off, S::watch_waiting, E::wait_then_watch,
     "429: keep the version, be patient"},
    {S::opening, O::failed_relist, S::list_waiting, E::wait_then_list,
     "410 as an HTTP status (proxies, servers without a cache) is the same as in the stream"},
    {S::opening, O::failed_decline, S::list_waiting, E::wait_then_list,
     "the version is not accepted: begin again"},
    {S::opening, O::failed_reauthenticate, S::watch_waiting, E::wait_then_watch,
     "401: the token is read again, the version is still good"},
    {S::opening, O::failed_deny, S::poll_waiting, E::wait_then_poll,
     "403: a list is allowed and a watch is not: ask again and again"},
    {S::opening, O::failed_absent, S::list_waiting, E::wait_then_list, "404: begin again"},

    {S::watching, O::changed, S::watching, E::apply,
     "the version of the object is the version of the view"},
    {S::watching, O::bookmark, S::watching, E::note_version,
     "a bookmark changes the version and no object"},
    {S::watching, O::ended, S::opening, E::open_watch,
     "the lifetime that was asked for is over: resume at once from the last version"},
    {S::watching, O::ended_silent, S::listing, E::send_list,
     "a server sends a bookmark before the end: silence may mean that the version lies in its "
     "future (etcd was restored), where it would stay silent for ever"},
    {S::watching, O::silent, S::listing, E::abandon_and_list,
     "this server sends a bookmark each minute: a stream without is dead, or its version lies in "
     "the server's future"},
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
    {S::watching, O::failed_decline, S::list_waiting, E::wait_then_list, "ERROR 422 in the stream"},
    {S::watching, O::failed_reauthenticate, S::watch_waiting, E::wait_then_watch,
     "ERROR 401 in the stream"},
    {S::watching, O::failed_deny, S::watch_waiting, E::wait_then_watch, "ERROR 403 in the stream"},
    {S::watching, O::failed_absent, S::list_waiting, E::wait_then_list, "ERROR 404 in the stream"},

    {S::watch_waiting, O::retry_due, S::opening, E::open_watch, "the delay is over"},

    {S::polling, O::listed, S::poll_waiting, E::replace_and_wait, "true as of now, until the next"},
    {S::polling, O::listed_older, S::poll_waiting, E::wait_then_poll, "never backwards, as above"},
    {S::polling, O::failed_retry, S::poll_waiting, E::wait_then_poll, "the API may come back"},
    {S::polling, O::failed_back_off, S::poll_waiting, E::wait_then_poll,
     "429: not before Retry-After"},
    {S::polling, O::failed_relist, S::poll_waiting, E::wait_then_poll, "the next answer is whole"},
    {S::polling, O::failed_decline, S::poll_waiting, E::wait_then_poll, "the same"},
    {S::polling, O::failed_reauthenticate, S::poll_waiting, E::wait_then_poll,
     "401: the token is read again"},
    {S::polling, O::failed_absent, S::poll_waiting, E::wait_then_poll, "404: it may come"},
    {S::polling, O::failed_deny, S::list_waiting, E::wait_then_list,
     "403: nothing is allowed any more, or nothing was: begin again"},

    {S::poll_waiting, O::retry_due, S::polling, E::send_poll, "the delay is over"},
    {S::poll_waiting, O::watch_again_due, S::streaming, E::stream_list,
     "a right to watch may have been granted by now"},
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
    case S::streaming:
      return "streaming";
    case S::syncing:
      return "syncing";
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
    case S::polling:
      return "polling";
    case S::poll_waiting:
      return "poll_waiting";
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
    case O::listed_older:
      return "listed_older";
    case O::synced:
      return "synced";
    case O::synced_older:
      return "synced_older";
    case O::sync_overdue:
      return "sync_overdue";
    case O::stream_known_unsupported:
      return "stream_known_unsupported";
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
    case O::silent:
      return "silent";
    case O::watch_again_due:
      return "watch_again_due";
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
    case O::failed_decline:
      return "failed_decline";
    case O::failed_deny_list:
      return "failed_deny_list";
  }
  return "?";
}

std::string_view name_of(Effect effect) {
  switch (effect) {
    case E::none:
      return "none";
    case E::send_list:
      return "send_list";
    case E::stream_list:
      return "stream_list";
    case E::await_sync:
      return "await_sync";
    case E::collect:
      return "collect";
    case E::take_collected:
      return "take_collected";
    case E::abandon_and_list:
      return "abandon_and_list";
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
    case E::send_poll:
      return "send_poll";
    case E::replace_and_wait:
      return "replace_and_wait";
    case E::wait_then_poll:
      return "wait_then_poll";
  }
  return "?";
}

}  // namespace waiter::core

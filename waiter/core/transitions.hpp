// THE table of the engine: everything that changes the state of a list and watch is a row of this
// file, and everything that affects which row is taken is named here. The reflector looks a row up
// and carries out its effect; it decides nothing by itself. A pair of state and occurrence without
// a row cannot happen: the session lets no late answer through.
#pragma once

#include <string_view>
#include <vector>

namespace waiter::core {

enum class WatchState {
  idle,           // not started
  streaming,      // a watch that begins with what there is was sent, its head is not here yet
  syncing,        // what there is arrives; it does not count before it is complete
  listing,        // a list is under way
  list_waiting,   // a list failed: waiting before the next one; the old view is kept
  opening,        // a watch was sent, its head is not here yet
  watching,       // the stream is open: the view follows the server
  watch_waiting,  // the stream is gone, the version is still good: waiting before it is resumed
  polling,        // no watch is allowed: a list (or a get) is under way, again
  poll_waiting    // waiting before the next
};

enum class Occurrence {
  start,
  retry_due,                 // the delay is over
  listed,                    // a complete list
  listed_older,              // one from before what was seen already
  synced,                    // the bookmark that ends the initial events
  synced_older,              // with a version from before what was seen already
  sync_overdue,              // that bookmark does not come
  stream_known_unsupported,  // such a watch was declined before
  opened,                    // the watch's head came, status 200
  changed,                   // ADDED, MODIFIED or DELETED
  bookmark,                  // a version without an object
  ended,                     // the server ended the stream as it should (timeoutSeconds)
  ended_silent,              // so, and it had said nothing in its whole life, not even a bookmark
  ended_soon,                // it ended cleanly within a second
  ended_early,               // it ended cleanly within a second, without any event
  silent,                    // no bookmark for more than twice the time between two
  watch_again_due,           // it was polled for a while: a watch may be allowed by now
  failed_retry,              // the reactions of failure.hpp
  failed_back_off,
  failed_relist,
  failed_reauthenticate,
  failed_deny,
  failed_absent,
  failed_decline,
  failed_deny_list  // 403 for a list by name, where a get may be allowed
};

enum class Effect {
  none,
  send_list,          // ask for everything, as of now (resourceVersion unset: consistent, KEP-2340)
  stream_list,        // ask for it as a watch that begins with everything, as of now (KEP-3157)
  await_sync,         // it must be complete within a limit
  collect,            // keep it beside the view
  take_collected,     // it is the whole truth: replace the view
  abandon_and_list,   // drop the stream, and send a list
  replace_and_watch,  // take the list as the whole truth, then watch from its version
  open_watch,         // watch from the last known version
  apply,              // change the view, remember the version
  note_version,       // remember the version
  wait_then_list,
  wait_then_watch,
  send_poll,         // ask for everything again, by list, or by get where only that is allowed
  replace_and_wait,  // take it as the whole truth, until the next poll
  wait_then_poll
};

struct Transition {
  WatchState from;
  Occurrence occurrence;
  WatchState to;
  Effect effect;
  std::string_view why;  // the rule, and where it comes from
};

const std::vector<Transition>& transitions();

/// The row for this pair, or null when it cannot happen.
const Transition* find_transition(WatchState from, Occurrence occurrence);

std::string_view name_of(WatchState state);
std::string_view name_of(Occurrence occurrence);
std::string_view name_of(Effect effect);

}  // namespace waiter::core

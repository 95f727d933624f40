// THE table of the engine: everything that changes the state of a list and watch is a row of this
// file, and everything that affects which row is taken is named here. The reflector looks a row up
// and carries out its effect; it decides nothing by itself. A pair of state and occurrence without
// a row cannot happen: the session lets no late answer through.
#pragma once

#include <string_view>
#include <vector>

namespace waiter::core {

enum class WatchState {
  idle,          // not started
  listing,       // a list is under way
  list_waiting,  // a list failed: waiting before the next one; the old view is kept
  opening,       // a watch was sent, its head is not here yet
  watching,      // the stream is open: the view follows the server
  watch_waiting  // the stream is gone, the version is still good: waiting before it is resumed
};

enum class Occurrence {
  start,
  retry_due,     // the delay is over
  listed,        // a complete list
  opened,        // the watch's head came, status 200
  changed,       // ADDED, MODIFIED or DELETED
  bookmark,      // a version without an object
  ended,         // the server ended the stream as it should (timeoutSeconds)
  ended_silent,  // so, and it had said nothing in its whole life, not even a bookmark
  ended_soon,    // it ended cleanly within a second
  ended_early,   // it ended cleanly within a second, without any event
  failed_retry,  // the reactions of failure.hpp
  failed_back_off,
  failed_relist,
  failed_reauthenticate,
  failed_deny,
  failed_absent
};

enum class Effect {
  none,
  send_list,          // ask for everything, as of now (resourceVersion unset: consistent, KEP-2340)
  replace_and_watch,  // take the list as the whole truth, then watch from its version
  open_watch,         // watch from the last known version
  apply,              // change the view, remember the version
  note_version,       // remember the version
  wait_then_list,
  wait_then_watch
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

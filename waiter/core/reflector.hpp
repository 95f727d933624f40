// One list and watch: the EndpointSlices of a set of Services in one namespace. It keeps the view
// and the version, and follows the table in transitions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "waiter/core/action.hpp"
#include "waiter/core/backoff.hpp"
#include "waiter/core/endpoint_view.hpp"
#include "waiter/core/event.hpp"
#include "waiter/core/transitions.hpp"

namespace waiter::core {

class Reflector {
 public:
  Reflector(ReflectorId id, std::string namespace_name, std::vector<std::string> services);

  void start(Instant now, Random& random, Actions& actions);
  void handle(Instant now, Listed event, Random& random, Actions& actions);
  void handle(Instant now, const WatchOpened& event, Random& random, Actions& actions);
  void handle(Instant now, SliceChanged event, Random& random, Actions& actions);
  void handle(Instant now, const Bookmarked& event, Random& random, Actions& actions);
  void handle(Instant now, const WatchEnded& event, Random& random, Actions& actions);
  void handle(Instant now, const RequestFailed& event, Random& random, Actions& actions);
  void handle(Instant now, ViewConfirmed event, Random& random, Actions& actions);
  void handle(Instant now, const ConfirmationFailed& event, Random& random, Actions& actions);
  void handle_deadline(Instant now, Random& random, Actions& actions);

  std::optional<Instant> next_deadline() const;
  bool synced() const { return synced_; }
  /// What the view holds is what the server holds: it comes from a list, and the watch has neither
  /// broken nor ended since. A watch that was resumed may have more to bring; only a list as of now
  /// makes the view current again.
  bool current() const { return current_; }
  /// Asks for that list, beside the open watch, unless it is under way or has just failed.
  void confirm(Instant now, Actions& actions);
  const EndpointView& view() const { return view_; }
  SourceStatus status() const;

 private:
  void take(Instant now, Occurrence occurrence, const Failure* failure, Random& random,
            Actions& actions);
  void open_watch(Random& random, Actions& actions);
  void wait(Instant now, const Failure& failure, Random& random, Actions& actions);
  void report_trouble(const Failure& failure, Duration retry_in, Actions& actions);
  bool was_healthy(Instant now) const;
  void note_success(Actions& actions);

  ReflectorId id_;
  std::string namespace_name_;
  std::vector<std::string> services_;
  WatchState state_ = WatchState::idle;
  EndpointView view_;
  std::string version_;
  bool synced_ = false;
  bool current_ = false;
  Backoff backoff_;
  std::optional<Instant> retry_at_;
  std::optional<Failure> trouble_;
  bool watch_failed_ = false;  // the last failure was a watch's: a list that succeeds heals nothing
  bool confirming_ = false;
  Backoff confirm_backoff_;
  std::optional<Instant> confirm_at_;  // not before, after a failure
  Instant opened_at_{};
  bool heard_anything_ = false;  // since the stream was opened
  int lifetimes_ = 0;            // watches that lived their full time
};

}  // namespace waiter::core

// One list and watch: what is selected in one namespace. It keeps the view and the version, and
// follows the table in transitions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "waiter/core/action.hpp"
#include "waiter/core/backoff.hpp"
#include "waiter/core/endpoint_view.hpp"
#include "waiter/core/event.hpp"
#include "waiter/core/transitions.hpp"
#include "waiter/core/watch_pace.hpp"

namespace waiter::core {

class Reflector {
 public:
  /// A stream that was answered must be complete after so long: a server before 1.19 never says so.
  static constexpr Duration sync_limit = std::chrono::seconds(3);

  Reflector(ReflectorId id, Selection selection);

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
  ReflectorId id() const { return id_; }
  const Selection& selection() const { return selection_; }
  bool synced() const { return synced_; }
  /// What the view holds is what the server holds: it comes from a list, and the watch has neither
  /// broken nor ended since. A watch that was resumed may have more to bring; only a list as of now
  /// makes the view current again.
  bool current() const { return current_; }
  /// The view was read as of now, which no lagging cache can answer, and that answer came no
  /// earlier than `since`; nothing was heard after it.
  bool confirmed_since(Instant since) const { return fresh_at_ && *fresh_at_ >= since; }
  /// Asks for such a list, beside the open watch, unless it is under way or has just failed.
  void confirm(Instant now, Random& random, Actions& actions);
  /// Rises when what happened between two views is unknown: a list that is not the continuation of
  /// the view before it.
  int history() const { return history_; }
  /// The last request was forbidden, or its resource is unknown, and nothing was read since.
  const std::optional<Failure>& denied() const { return denied_; }
  const EndpointView& view() const { return view_; }
  SourceStatus status() const;

 private:
  void take(Instant now, Occurrence occurrence, const Failure* failure, Random& random,
            Actions& actions);
  void carry_out(Instant now, Effect effect, const Failure* failure, Random& random,
                 Actions& actions);
  void send_list(bool one, Actions& actions);
  void stream_list(Instant now, Random& random, Actions& actions);
  void open_watch(Instant now, Random& random, Actions& actions);
  void wait(Instant now, const Failure& failure, Random& random, Actions& actions);
  void report_trouble(const Failure& failure, Duration retry_in, Actions& actions);
  void hear(Instant now, Random& random);
  bool goes_back(const std::string& version);
  bool reads_one() const { return state_ == WatchState::polling && gets_; }
  void replace_view(Instant now, std::vector<Slice> slices, std::string version);
  Occurrence occurrence_of(const Failure& failure) const;
  void note_success(Actions& actions);
  bool is_wanted(const Slice& slice) const;

  const ReflectorId id_;
  const Selection selection_;
  WatchState state_ = WatchState::idle;
  EndpointView view_;
  std::map<std::string, Slice> collected_;  // of a stream that is not complete yet
  std::string version_;
  std::string object_version_;  // of the one object that is polled
  bool synced_ = false;
  bool current_ = false;
  int history_ = 0;
  int older_lists_ = 0;  // in a row
  std::optional<Instant> fresh_at_;
  bool streams_lists_ = true;  // until the server declines
  bool gets_ = false;          // polls by get: a list is forbidden
  int polls_ = 0;
  WatchPace pace_;
  Backoff backoff_;
  std::optional<Instant> retry_at_;
  std::optional<Instant> sync_by_;
  std::optional<Instant> silent_at_;
  std::optional<Instant> recheck_at_;  // a list beside the watch, although nothing asks for it
  std::optional<Failure> trouble_;
  std::optional<Failure> denied_;
  bool watch_failed_ = false;  // the last failure was a watch's: a list that succeeds heals nothing
  bool reauthenticated_ = false;  // the last failure was a 401, and it was tried again at once
  bool confirming_ = false;
  Backoff confirm_backoff_;
  std::optional<Instant> confirm_at_;  // not before, after a failure
};

}  // namespace waiter::core

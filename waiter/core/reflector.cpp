#include "waiter/core/reflector.hpp"

#include <algorithm>
#include <utility>

#include "waiter/core/invariant.hpp"
#include "waiter/core/resource_version.hpp"

namespace waiter::core {
namespace {

using std::chrono::seconds;

// Where no watch is allowed. A watch is tried again after some polls.
constexpr Duration poll_pause = seconds(2);
constexpr int polls_before_watch = 20;

// So many lists as of now in a row cannot all be of replicas that lag.
constexpr int older_lists_max = 3;

/// A stream that does not come to the end of its initial events: something on the way may not pass
/// it, and a plain list does as well.
bool broke_stream(const Transition& row) {
  return row.from == WatchState::syncing && row.occurrence != Occurrence::synced_older &&
         row.to != WatchState::syncing && row.to != WatchState::watching;
}

Failure older_list() {
  return {Cause::undecodable, 200, "a list from before what was seen already", std::nullopt};
}

}  // namespace

Reflector::Reflector(ReflectorId id, Selection selection)
    : id_(id), selection_(std::move(selection)) {}

void Reflector::start(Instant now, Random& random, Actions& actions) {
  pace_.start(now);
  take(now, Occurrence::start, nullptr, random, actions);
}

Occurrence Reflector::occurrence_of(const Failure& failure) const {
  switch (reaction_to(failure.cause)) {
    case Reaction::retry:
      return Occurrence::failed_retry;
    case Reaction::back_off:
      return Occurrence::failed_back_off;
    case Reaction::relist:
      return Occurrence::failed_relist;
    case Reaction::reauthenticate:
      return Occurrence::failed_reauthenticate;
    case Reaction::deny:
      return state_ == WatchState::listing && selection_.by_name ? Occurrence::failed_deny_list
                                                                 : Occurrence::failed_deny;
    case Reaction::absent:
      return Occurrence::failed_absent;
    case Reaction::decline:
      return Occurrence::failed_decline;
  }
  return Occurrence::failed_retry;
}

bool Reflector::is_wanted(const Slice& slice) const {
  const auto& services = selection_.services;
  return std::find(services.begin(), services.end(), slice.service) != services.end();
}

/// A list or a stream that is older than what was seen is dropped, until it is history itself that
/// went back.
bool Reflector::goes_back(const std::string& version) {
  if (!is_older(version, version_) || ++older_lists_ >= older_lists_max) {
    older_lists_ = 0;
    return false;
  }
  return true;
}

void Reflector::replace_view(Instant now, std::vector<Slice> slices, std::string version) {
  std::erase_if(slices, [this](const Slice& slice) { return !is_wanted(slice); });
  view_.replace(std::move(slices));
  version_ = std::move(version);
  synced_ = true;
  current_ = true;
  fresh_at_ = now;
  denied_.reset();
}

void Reflector::handle(Instant now, Listed event, Random& random, Actions& actions) {
  const bool one = reads_one();
  // The version of one object says nothing about that of a list, and an absent one has none.
  std::string& seen = one ? object_version_ : version_;
  const bool older =
      one ? is_older(event.resource_version, seen) : goes_back(event.resource_version);
  if (older) {
    const Failure failure = older_list();
    take(now, Occurrence::listed_older, &failure, random, actions);
    return;
  }
  // A poll that follows a poll is a sample of the same history.
  if (state_ != WatchState::polling || !current_) ++history_;
  if (one) object_version_ = event.resource_version;
  replace_view(now, std::move(event.slices), one ? version_ : std::move(event.resource_version));
  // Where lists work and watches do not, the delay must grow all the same.
  if (!watch_failed_ || state_ == WatchState::polling) {
    backoff_.reset();
    note_success(actions);
  }
  take(now, Occurrence::listed, nullptr, random, actions);
}

void Reflector::handle(Instant now, const WatchOpened&, Random& random, Actions& actions) {
  pace_.opened(now);
  if (state_ == WatchState::opening) note_success(actions);
  take(now, Occurrence::opened, nullptr, random, actions);
  hear(now, random);
}

/// Something came: the stream is alive.
void Reflector::hear(Instant now, Random& random) {
  silent_at_ = state_ == WatchState::watching ? pace_.draw_silence(now, random) : std::nullopt;
}

void Reflector::handle(Instant now, SliceChanged event, Random& random, Actions& actions) {
  pace_.heard();
  take(now, Occurrence::changed, nullptr, random, actions);
  hear(now, random);
  const bool deleted = event.type == SliceChanged::Type::deleted;
  if (state_ == WatchState::syncing) {
    collected_.erase(event.slice.name);
    std::string name = event.slice.name;
    if (!deleted) collected_.emplace(std::move(name), std::move(event.slice));
    return;
  }
  // A duplicate or a replay from before the version of the view says nothing new, and must not undo
  // what is newer.
  if (is_older(event.slice.resource_version, version_)) return;
  version_ = event.slice.resource_version;
  if (!is_wanted(event.slice)) return;
  fresh_at_.reset();
  if (deleted) {
    view_.erase(event.slice.name);
  } else {
    view_.upsert(std::move(event.slice));
  }
}

void Reflector::handle(Instant now, const Bookmarked& event, Random& random, Actions& actions) {
  pace_.heard();
  // Only one that came by itself tells that this server sends them.
  if (state_ == WatchState::watching) pace_.bookmark_came();
  hear(now, random);
  if (!event.initial_events_end || state_ != WatchState::syncing) {
    take(now, Occurrence::bookmark, nullptr, random, actions);
    if (state_ == WatchState::watching && !is_older(event.resource_version, version_)) {
      version_ = event.resource_version;
    }
    return;
  }
  if (goes_back(event.resource_version)) {
    const Failure failure = older_list();
    actions.push_back(Abandon{id_});
    take(now, Occurrence::synced_older, &failure, random, actions);
    return;
  }
  std::vector<Slice> slices;
  for (auto& [name, slice] : collected_) slices.push_back(std::move(slice));
  collected_.clear();
  ++history_;
  replace_view(now, std::move(slices), event.resource_version);
  backoff_.reset();
  note_success(actions);
  take(now, Occurrence::synced, nullptr, random, actions);
  hear(now, random);
}

void Reflector::handle(Instant now, const WatchEnded&, Random& random, Actions& actions) {
  current_ = false;
  if (pace_.is_young(now) || state_ == WatchState::syncing) {
    const Failure failure{Cause::broken, 200, "the server ended the watch at once", std::nullopt};
    watch_failed_ = true;
    take(now, pace_.heard_anything() ? Occurrence::ended_soon : Occurrence::ended_early, &failure,
         random, actions);
    return;
  }
  watch_failed_ = false;
  backoff_.reset();
  pace_.lived(now);
  take(now, pace_.heard_anything() ? Occurrence::ended : Occurrence::ended_silent, nullptr, random,
       actions);
}

void Reflector::handle(Instant now, const RequestFailed& event, Random& random, Actions& actions) {
  const bool streaming = state_ == WatchState::watching;
  if (streaming && pace_.was_healthy(now)) backoff_.reset();
  watch_failed_ = streaming || state_ == WatchState::opening;
  // Silent to its end and beyond: its version is not to be trusted, as with ended_silent.
  const bool silent =
      streaming && event.failure.cause == Cause::too_slow && !pace_.heard_anything();
  take(now, silent ? Occurrence::failed_relist : occurrence_of(event.failure), &event.failure,
       random, actions);
  if (reaction_to(event.failure.cause) == Reaction::deny ||
      reaction_to(event.failure.cause) == Reaction::absent) {
    if (state_ == WatchState::list_waiting) denied_ = event.failure;
  }
}

void Reflector::confirm(Instant now, Random& random, Actions& actions) {
  if (state_ == WatchState::poll_waiting && retry_at_ && !trouble_) {
    retry_at_.reset();  // the next poll is that list
    take(now, Occurrence::retry_due, nullptr, random, actions);
    return;
  }
  if (state_ != WatchState::watching || confirming_ || (confirm_at_ && *confirm_at_ > now)) return;
  confirm_at_.reset();
  confirming_ = true;
  actions.push_back(ConfirmView{id_, selection_});
}

void Reflector::handle(Instant now, ViewConfirmed event, Random& random, Actions& actions) {
  confirming_ = false;
  if (state_ != WatchState::watching) return;  // broken again in the meantime
  if (is_older(event.resource_version, version_)) {
    if (goes_back(event.resource_version)) {
      handle(now, ConfirmationFailed{id_, older_list()}, random, actions);
      recheck_at_ = confirm_at_;
      return;
    }
    // History was rolled back, and the stream waits for a version that is not there any more.
    current_ = false;
    version_.clear();
    take(now, Occurrence::silent, nullptr, random, actions);
    return;
  }
  confirm_backoff_.reset();
  older_lists_ = 0;
  note_success(actions);
  std::erase_if(event.slices, [this](const Slice& slice) { return !is_wanted(slice); });
  // Something else than the watch has told so far: what happened in between is not known, as what
  // the watch still brings from before this version is dropped.
  if (!view_.holds(event.slices)) ++history_;
  replace_view(now, std::move(event.slices), std::move(event.resource_version));
}

void Reflector::handle(Instant now, const ConfirmationFailed& event, Random& random,
                       Actions& actions) {
  confirming_ = false;
  const Duration delay = confirm_backoff_.next(random, event.failure.retry_after);
  confirm_at_ = now + delay;
  report_trouble(event.failure, delay, actions);
}

std::optional<Instant> Reflector::next_deadline() const {
  std::optional<Instant> earliest;
  for (const auto& candidate : {retry_at_, confirm_at_, sync_by_, silent_at_, recheck_at_}) {
    keep_earlier(earliest, candidate);
  }
  return earliest;
}

void Reflector::handle_deadline(Instant now, Random& random, Actions& actions) {
  // The engine asks again where it still matters.
  if (confirm_at_ && *confirm_at_ <= now) confirm_at_.reset();
  if (recheck_at_ && *recheck_at_ <= now) {
    recheck_at_ = pace_.draw_recheck(now, random);
    confirm(now, random, actions);
  }
  if (sync_by_ && *sync_by_ <= now) {
    streams_lists_ = false;
    take(now, Occurrence::sync_overdue, nullptr, random, actions);
  }
  if (silent_at_ && *silent_at_ <= now) {
    current_ = false;
    take(now, Occurrence::silent, nullptr, random, actions);
  }
  if (!retry_at_ || *retry_at_ > now) return;
  retry_at_.reset();
  const bool tries_watch = state_ == WatchState::poll_waiting && polls_ >= polls_before_watch;
  take(now, tries_watch ? Occurrence::watch_again_due : Occurrence::retry_due, nullptr, random,
       actions);
}

void Reflector::take(Instant now, Occurrence occurrence, const Failure* failure, Random& random,
                     Actions& actions) {
  const Transition* row = find_transition(state_, occurrence);
  invariant(row != nullptr, "no transition", name_of(state_), name_of(occurrence));
  state_ = row->to;
  if (state_ != WatchState::syncing) sync_by_.reset();
  if (state_ != WatchState::watching) silent_at_.reset();
  if (state_ != WatchState::watching && state_ != WatchState::opening) recheck_at_.reset();
  if (state_ == WatchState::watching && !recheck_at_) recheck_at_ = pace_.draw_recheck(now, random);
  if (occurrence == Occurrence::failed_decline || broke_stream(*row)) streams_lists_ = false;
  if (occurrence == Occurrence::failed_deny_list) gets_ = true;
  if (occurrence == Occurrence::watch_again_due) {
    gets_ = false;
    polls_ = 0;
  }
  carry_out(now, row->effect, failure, random, actions);
}

void Reflector::carry_out(Instant now, Effect effect, const Failure* failure, Random& random,
                          Actions& actions) {
  switch (effect) {
    case Effect::none:
    case Effect::apply:           // the caller holds the object
    case Effect::note_version:    // the caller holds the version
    case Effect::collect:         // the caller holds the object
    case Effect::take_collected:  // the caller has taken what was collected
      return;
    case Effect::abandon_and_list:
      actions.push_back(Abandon{id_});
      return send_list(false, actions);
    case Effect::send_list:
      return send_list(false, actions);
    case Effect::send_poll:
      ++polls_;
      return send_list(gets_, actions);
    case Effect::stream_list:
      return stream_list(now, random, actions);
    case Effect::await_sync:
      sync_by_ = now + sync_limit;
      return;
    case Effect::replace_and_watch:  // the caller has taken the list
    case Effect::open_watch:
      return open_watch(now, random, actions);
    case Effect::replace_and_wait:  // the caller has taken the list
      retry_at_ = now + random.between(poll_pause, 2 * poll_pause);
      return;
    case Effect::wait_then_list:
    case Effect::wait_then_watch:
    case Effect::wait_then_poll:
      invariant(failure != nullptr, "a wait without a failure", name_of(state_));
      return wait(now, *failure, random, actions);
  }
}

void Reflector::send_list(bool one, Actions& actions) {
  actions.push_back(SendList{id_, selection_, one});
}

void Reflector::stream_list(Instant now, Random& random, Actions& actions) {
  if (!streams_lists_) {
    take(now, Occurrence::stream_known_unsupported, nullptr, random, actions);
    return;
  }
  collected_.clear();
  actions.push_back(OpenWatch{id_, selection_, "", pace_.draw_lifetime(now, random)});
}

void Reflector::open_watch(Instant now, Random& random, Actions& actions) {
  actions.push_back(OpenWatch{id_, selection_, version_, pace_.draw_lifetime(now, random)});
}

void Reflector::wait(Instant now, const Failure& failure, Random& random, Actions& actions) {
  current_ = false;
  collected_.clear();
  // A token that was replaced on disk is read for the next request, which is made at once; not
  // twice in a row.
  const bool at_once =
      failure.cause == Cause::unauthorized && !std::exchange(reauthenticated_, true);
  const Duration delay = at_once ? Duration{} : backoff_.next(random, failure.retry_after);
  retry_at_ = now + delay;
  if (!at_once) report_trouble(failure, delay, actions);
}

void Reflector::report_trouble(const Failure& failure, Duration retry_in, Actions& actions) {
  if (trouble_ && is_same(*trouble_, failure)) return;
  trouble_ = failure;
  actions.push_back(ReportTrouble{selection_, failure, retry_in});
}

void Reflector::note_success(Actions& actions) {
  reauthenticated_ = false;
  if (!trouble_) return;
  trouble_.reset();
  actions.push_back(ReportRecovery{selection_.namespace_name});
}

SourceStatus Reflector::status() const {
  const bool polls = state_ == WatchState::polling || state_ == WatchState::poll_waiting;
  return {selection_, synced_, state_ == WatchState::watching, polls && synced_, trouble_};
}

}  // namespace waiter::core

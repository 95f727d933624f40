#include "waiter/core/reflector.hpp"

#include <algorithm>
#include <utility>

#include "waiter/core/invariant.hpp"
#include "waiter/core/resource_version.hpp"

namespace waiter::core {
namespace {

using std::chrono::seconds;

// client-go's VeryShortWatchError: a stream that ends cleanly so soon and has said nothing is a
// failure.
constexpr Duration early = seconds(1);
// A stream that lived so long shows that the server is well again.
constexpr Duration healthy = seconds(30);
// The lifetime that is asked for. Short at first: a stream that is dead without a sign is found
// soon in a fresh wait. It grows, so that a long wait costs little, and it is random, so that
// clients that started together part.
constexpr Duration lifetime_first = seconds(30);
constexpr int lifetime_doublings_max = 3;

Occurrence occurrence_of(const Failure& failure) {
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
      return Occurrence::failed_deny;
    case Reaction::absent:
      return Occurrence::failed_absent;
  }
  return Occurrence::failed_retry;
}

bool same_trouble(const std::optional<Failure>& known, const Failure& failure) {
  return known && known->cause == failure.cause && known->http_status == failure.http_status &&
         known->message == failure.message;
}

}  // namespace

Reflector::Reflector(ReflectorId id, std::string namespace_name, std::vector<std::string> services)
    : id_(id), namespace_name_(std::move(namespace_name)), services_(std::move(services)) {}

void Reflector::start(Instant now, Random& random, Actions& actions) {
  take(now, Occurrence::start, nullptr, random, actions);
}

void Reflector::handle(Instant now, Listed event, Random& random, Actions& actions) {
  view_.replace(std::move(event.slices));
  version_ = std::move(event.resource_version);
  synced_ = true;
  current_ = true;
  // Where lists work and watches do not, the delay must grow all the same.
  if (!watch_failed_) {
    backoff_.reset();
    note_success(actions);
  }
  take(now, Occurrence::listed, nullptr, random, actions);
}

void Reflector::handle(Instant now, const WatchOpened&, Random& random, Actions& actions) {
  opened_at_ = now;
  heard_anything_ = false;
  note_success(actions);
  take(now, Occurrence::opened, nullptr, random, actions);
}

void Reflector::handle(Instant now, SliceChanged event, Random& random, Actions& actions) {
  heard_anything_ = true;
  take(now, Occurrence::changed, nullptr, random, actions);
  // A duplicate or a replay from before the version of the view says nothing new, and must not undo
  // what is newer.
  if (is_older(event.slice.resource_version, version_)) return;
  version_ = event.slice.resource_version;
  if (event.type == SliceChanged::Type::deleted) {
    view_.erase(event.slice.name);
  } else {
    view_.upsert(std::move(event.slice));
  }
}

void Reflector::handle(Instant now, const Bookmarked& event, Random& random, Actions& actions) {
  heard_anything_ = true;
  take(now, Occurrence::bookmark, nullptr, random, actions);
  if (!is_older(event.resource_version, version_)) version_ = event.resource_version;
}

void Reflector::handle(Instant now, const WatchEnded&, Random& random, Actions& actions) {
  current_ = false;
  if (now - opened_at_ < early) {
    const Failure failure{Cause::broken, 200, "the server ended the watch at once", std::nullopt};
    watch_failed_ = true;
    take(now, heard_anything_ ? Occurrence::ended_soon : Occurrence::ended_early, &failure, random,
         actions);
    return;
  }
  watch_failed_ = false;
  backoff_.reset();
  lifetimes_ = std::min(lifetimes_ + 1, lifetime_doublings_max);
  take(now, heard_anything_ ? Occurrence::ended : Occurrence::ended_silent, nullptr, random,
       actions);
}

void Reflector::handle(Instant now, const RequestFailed& event, Random& random, Actions& actions) {
  const bool streaming = state_ == WatchState::watching;
  if (streaming && was_healthy(now)) backoff_.reset();
  watch_failed_ = streaming || state_ == WatchState::opening;
  // Silent to its end and beyond: its version is not to be trusted, as with ended_silent.
  const bool silent = streaming && event.failure.cause == Cause::too_slow && !heard_anything_;
  take(now, silent ? Occurrence::failed_relist : occurrence_of(event.failure), &event.failure,
       random, actions);
}

bool Reflector::was_healthy(Instant now) const {
  const Duration lived = now - opened_at_;
  return lived >= healthy || (heard_anything_ && lived >= early);
}

void Reflector::confirm(Instant now, Actions& actions) {
  if (state_ != WatchState::watching || confirming_ || (confirm_at_ && *confirm_at_ > now)) return;
  confirm_at_.reset();
  confirming_ = true;
  actions.push_back(ConfirmView{id_, namespace_name_, services_});
}

void Reflector::handle(Instant now, ViewConfirmed event, Random& random, Actions& actions) {
  confirming_ = false;
  if (state_ != WatchState::watching) return;  // broken again in the meantime
  if (is_older(event.resource_version, version_)) {
    const Failure older{Cause::undecodable, 200, "a list from before what was seen already",
                        std::nullopt};
    handle(now, ConfirmationFailed{id_, older}, random, actions);
    return;
  }
  confirm_backoff_.reset();
  note_success(actions);
  view_.replace(std::move(event.slices));
  // What the watch still brings from before this version is dropped.
  version_ = std::move(event.resource_version);
  current_ = true;
}

void Reflector::handle(Instant now, const ConfirmationFailed& event, Random& random,
                       Actions& actions) {
  confirming_ = false;
  const Duration delay = confirm_backoff_.next(random, event.failure.retry_after);
  confirm_at_ = now + delay;
  report_trouble(event.failure, delay, actions);
}

std::optional<Instant> Reflector::next_deadline() const {
  if (retry_at_ && confirm_at_) return std::min(*retry_at_, *confirm_at_);
  return retry_at_ ? retry_at_ : confirm_at_;
}

void Reflector::handle_deadline(Instant now, Random& random, Actions& actions) {
  // The engine asks again where it still matters.
  if (confirm_at_ && *confirm_at_ <= now) confirm_at_.reset();
  if (!retry_at_ || *retry_at_ > now) return;
  retry_at_.reset();
  take(now, Occurrence::retry_due, nullptr, random, actions);
}

void Reflector::take(Instant now, Occurrence occurrence, const Failure* failure, Random& random,
                     Actions& actions) {
  const Transition* row = find_transition(state_, occurrence);
  invariant(row != nullptr, "no transition", name_of(state_), name_of(occurrence));
  state_ = row->to;
  switch (row->effect) {
    case Effect::none:
    case Effect::apply:         // the caller holds the object
    case Effect::note_version:  // the caller holds the version
      break;
    case Effect::send_list:
      actions.push_back(SendList{id_, namespace_name_, services_});
      break;
    case Effect::replace_and_watch:  // the caller has taken the list
    case Effect::open_watch:
      open_watch(random, actions);
      break;
    case Effect::wait_then_list:
    case Effect::wait_then_watch:
      invariant(failure != nullptr, "a wait without a failure", name_of(state_),
                name_of(occurrence));
      wait(now, *failure, random, actions);
      break;
  }
}

void Reflector::open_watch(Random& random, Actions& actions) {
  const Duration step = lifetime_first * (1 << lifetimes_);
  const auto lifetime = std::chrono::floor<seconds>(random.between(step, 2 * step));
  actions.push_back(OpenWatch{id_, namespace_name_, services_, version_, lifetime});
}

void Reflector::wait(Instant now, const Failure& failure, Random& random, Actions& actions) {
  current_ = false;
  const Duration delay = backoff_.next(random, failure.retry_after);
  retry_at_ = now + delay;
  report_trouble(failure, delay, actions);
}

void Reflector::report_trouble(const Failure& failure, Duration retry_in, Actions& actions) {
  if (same_trouble(trouble_, failure)) return;
  trouble_ = failure;
  actions.push_back(ReportTrouble{namespace_name_, services_, failure, retry_in});
}

void Reflector::note_success(Actions& actions) {
  if (!trouble_) return;
  trouble_.reset();
  actions.push_back(ReportRecovery{namespace_name_});
}

SourceStatus Reflector::status() const {
  return {namespace_name_, synced_, state_ == WatchState::watching, trouble_};
}

}  // namespace waiter::core

#include "waiter/core/namespace_reader.hpp"

#include <algorithm>
#include <utility>

#include "waiter/core/invariant.hpp"

namespace waiter::core {

NamespaceReader::NamespaceReader(std::string namespace_name, std::vector<std::string> services,
                                 Source source)
    : namespace_name_(std::move(namespace_name)), services_(std::move(services)) {
  if (source != Source::endpoints) ladder_.push_back(Rung::slices);
  if (source == Source::slices) return;
  if (services_.size() > 1) ladder_.push_back(Rung::endpoints);
  ladder_.push_back(Rung::endpoints_by_name);
}

void NamespaceReader::start(Instant now, ReflectorId& next_id, Random& random, Actions& actions) {
  climb(now, ladder_.front(), next_id, random, actions);
}

std::vector<Selection> NamespaceReader::selections(Rung rung) const {
  switch (rung) {
    case Rung::slices:
      return {{Resource::endpoint_slices, namespace_name_, services_, false}};
    case Rung::endpoints:
      return {{Resource::endpoints, namespace_name_, services_, false}};
    case Rung::endpoints_by_name:
      break;
  }
  std::vector<Selection> each;
  for (const std::string& service : services_) {
    each.push_back({Resource::endpoints, namespace_name_, {service}, true});
  }
  return each;
}

void NamespaceReader::climb(Instant now, Rung rung, ReflectorId& next_id, Random& random,
                            Actions& actions) {
  reflectors_.clear();
  for (Selection& selection : selections(rung)) {
    reflectors_.emplace_back(next_id++, std::move(selection));
  }
  for (Reflector& reflector : reflectors_) reflector.start(now, random, actions);
}

bool NamespaceReader::has(ReflectorId id) const {
  return std::any_of(reflectors_.begin(), reflectors_.end(),
                     [id](const Reflector& reflector) { return reflector.id() == id; });
}

Reflector& NamespaceReader::find(ReflectorId id) {
  const auto found =
      std::find_if(reflectors_.begin(), reflectors_.end(),
                   [id](const Reflector& reflector) { return reflector.id() == id; });
  invariant(found != reflectors_.end(), "no such list and watch");
  return *found;
}

bool NamespaceReader::all_denied() const {
  return !reflectors_.empty() &&
         std::all_of(reflectors_.begin(), reflectors_.end(),
                     [](const Reflector& reflector) { return reflector.denied().has_value(); });
}

bool NamespaceReader::forbidden() const { return trouble_ && trouble_->cause == Cause::forbidden; }

/// Where every request of a way was denied, the next way is tried at once; after the last one there
/// is a delay. The user hears of it when all have failed, or when a way is found.
void NamespaceReader::settle(Instant now, ReflectorId& next_id, Random& random, Actions& asked,
                             Actions& actions) {
  if (!all_denied()) {
    actions.insert(actions.end(), asked.begin(), asked.end());
    note_way(actions);
    return;
  }
  std::erase_if(asked,
                [](const Action& action) { return std::holds_alternative<ReportTrouble>(action); });
  actions.insert(actions.end(), asked.begin(), asked.end());
  if (!first_denial_) first_denial_ = reflectors_.front().denied();
  if (step_ + 1 < ladder_.size()) {
    ++step_;
    climb(now, ladder_[step_], next_id, random, actions);
  } else {
    begin_again(now, random, actions);
  }
}

void NamespaceReader::begin_again(Instant now, Random& random, Actions& actions) {
  const Selection selection = selections(ladder_.front()).front();
  reflectors_.clear();
  step_ = 0;
  const Duration delay = backoff_.next(random, first_denial_->retry_after);
  start_at_ = now + delay;
  const bool known = trouble_ && is_same(*trouble_, *first_denial_);
  trouble_ = std::exchange(first_denial_, std::nullopt);
  if (!known) actions.push_back(ReportTrouble{selection, *trouble_, delay});
}

void NamespaceReader::note_way(Actions& actions) {
  const bool synced = std::any_of(reflectors_.begin(), reflectors_.end(),
                                  [](const Reflector& reflector) { return reflector.synced(); });
  if (!synced) return;
  backoff_.reset();
  if (std::exchange(trouble_, std::nullopt)) actions.push_back(ReportRecovery{namespace_name_});
  if (!first_denial_) return;
  if (!std::exchange(fallback_reported_, true)) {
    actions.push_back(ReportFallback{namespace_name_, *first_denial_});
  }
  first_denial_.reset();
}

void NamespaceReader::handle_deadline(Instant now, ReflectorId& next_id, Random& random,
                                      Actions& actions) {
  if (start_at_ && *start_at_ <= now) {
    start_at_.reset();
    climb(now, ladder_.front(), next_id, random, actions);
  }
  for (Reflector& reflector : reflectors_) reflector.handle_deadline(now, random, actions);
}

std::optional<Instant> NamespaceReader::next_deadline() const {
  std::optional<Instant> earliest = start_at_;
  for (const Reflector& reflector : reflectors_) {
    keep_earlier(earliest, reflector.next_deadline());
  }
  return earliest;
}

const Reflector* NamespaceReader::reads(const std::string& service) const {
  for (const Reflector& reflector : reflectors_) {
    const auto& services = reflector.selection().services;
    if (std::find(services.begin(), services.end(), service) != services.end()) return &reflector;
  }
  return nullptr;
}

void NamespaceReader::confirm(const std::string& service, Instant now, Random& random,
                              Actions& actions) {
  if (const Reflector* reflector = reads(service)) {
    find(reflector->id()).confirm(now, random, actions);
  }
}

std::vector<SourceStatus> NamespaceReader::status() const {
  std::vector<SourceStatus> all;
  for (const Reflector& reflector : reflectors_) all.push_back(reflector.status());
  if (all.empty())
    all.push_back({selections(ladder_.front()).front(), false, false, false, trouble_});
  return all;
}

}  // namespace waiter::core

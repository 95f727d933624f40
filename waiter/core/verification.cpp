#include "waiter/core/verification.hpp"

#include <algorithm>
#include <utility>

namespace waiter::core {
namespace {

/// Ten thousand Pods that wait for one Service shall not all knock at its first address.
void shuffle(std::vector<Backend>& backends, Random& random) {
  for (std::size_t left = backends.size(); left > 1; --left) {
    std::swap(backends[left - 1], backends[random.next() % left]);
  }
}

}  // namespace

void Verification::start(std::vector<Candidates> candidates, Random& random, Actions& actions) {
  abandon();
  for (Candidates& dependency : candidates) {
    shuffle(dependency.backends, random);
    Trial trial;
    trial.candidates = std::move(dependency);
    trials_.push_back(std::move(trial));
  }
  for (std::size_t i = 0; i < trials_.size(); ++i) launch(i, actions);
}

void Verification::launch(std::size_t trial_index, Actions& actions) {
  Trial& trial = trials_[trial_index];
  const auto& backends = trial.candidates.backends;
  while (trial.attempts.size() < backends.size() &&
         trial.under_way < trial.candidates.needed - trial.answering &&
         probes_.size() < parallel_max) {
    const std::size_t index = trial.attempts.size();
    trial.attempts.emplace_back();
    Attempt& attempt = trial.attempts.back();
    if (backends[index].tcp_targets.empty()) {
      attempt.decided = true;  // nothing to connect to proves nothing
      continue;
    }
    ++trial.under_way;
    for (const Target& target : backends[index].tcp_targets) {
      const ProbeId id = ++last_probe_;
      probes_.emplace(id, Probe{trial_index, index, target});
      ++attempt.open_by_address[target.address];
      actions.push_back(Connect{id, target, connect_limit});
    }
  }
}

void Verification::handle(const ProbeAnswered& answer, Actions& actions) {
  const auto found = probes_.find(answer.probe);
  if (found == probes_.end()) return;  // of a round that is over
  const Probe probe = found->second;
  probes_.erase(found);
  Trial& trial = trials_[probe.trial];
  Attempt& attempt = trial.attempts[probe.backend];
  const std::string& address = probe.target.address;
  const int left = --attempt.open_by_address[address];
  if (!answer.connected) {
    attempt.failed_by_address[address] = true;
    note_failure(trial, probe.target, answer.error);
  }
  if (attempt.decided) return;
  // A backend answers when all its ports answer at one of its addresses: a Pod with two families
  // may have no route for one of them from here.
  const bool answers = left == 0 && !attempt.failed_by_address[address];
  const bool all_over = std::all_of(attempt.open_by_address.begin(), attempt.open_by_address.end(),
                                    [](const auto& entry) { return entry.second == 0; });
  if (!answers && !all_over) return;
  attempt.decided = true;
  --trial.under_way;
  if (answers) ++trial.answering;
  // Another dependency may have waited for a place.
  for (std::size_t i = 0; i < trials_.size(); ++i) launch(i, actions);
}

void Verification::note_failure(Trial& trial, const Target& target, const std::string& error) {
  if (trial.unanswered.size() < unanswered_kept_max) trial.unanswered.push_back({target, error});
}

bool Verification::is_done(const Trial& trial) {
  return trial.answering >= trial.candidates.needed ||
         (trial.under_way == 0 && trial.attempts.size() == trial.candidates.backends.size());
}

bool Verification::done() const {
  return running() && std::all_of(trials_.begin(), trials_.end(), is_done);
}

Verification::Result Verification::result(std::size_t dependency) const {
  const Trial& trial = trials_.at(dependency);
  return {trial.answering, is_done(trial), trial.unanswered};
}

}  // namespace waiter::core

#include "fakeapi/wire/fault_plan.hpp"

#include <algorithm>
#include <utility>

namespace fakeapi::wire {
namespace {

bool refuses_connections(const fault::Fault& fault) {
  return fault.action.connect == fault::ConnectFault::refuse;
}

}  // namespace

bool FaultPlan::put(fault::Fault fault) {
  const auto place = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.fault->name == fault.name;
  });
  if (place == entries_.end() && entries_.size() == faults_max) return false;
  Entry entry{std::make_shared<const fault::Fault>(std::move(fault))};
  if (place != entries_.end()) {
    *place = std::move(entry);
  } else {
    entries_.push_back(std::move(entry));
  }
  return true;
}

bool FaultPlan::remove(std::string_view name) {
  return std::erase_if(entries_, [&](const Entry& entry) { return entry.fault->name == name; }) > 0;
}

const FaultPlan::Entry* FaultPlan::find(std::string_view name) const {
  const auto place = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.fault->name == name; });
  return place == entries_.end() ? nullptr : &*place;
}

std::optional<Decision> FaultPlan::decide(cluster::Instant now, const fault::Arrival& arrival) {
  std::optional<Decision> decision;
  for (Entry& entry : entries_) {
    const fault::Fault& fault = *entry.fault;
    if (refuses_connections(fault) || !fault::fits(fault, now, arrival)) continue;
    const std::uint64_t index = ++entry.matched;
    if (decision || index < fault.match.nth_first || index > fault.match.nth_last) continue;
    const scenario::Draws draws(seed_, fault.name, index);
    if (draws.chance() >= fault.match.fraction) continue;
    ++entry.met;
    decision = Decision{entry.fault, draws};
  }
  return decision;
}

bool FaultPlan::refuses(cluster::Instant now) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return refuses_connections(*entry.fault) && entry.fault->window.holds(now);
  });
}

std::optional<cluster::Instant> FaultPlan::next_change(cluster::Instant now) const {
  std::optional<cluster::Instant> next;
  for (const Entry& entry : entries_) {
    for (const cluster::Instant edge : {entry.fault->window.from, entry.fault->window.to}) {
      if (edge > now && edge != cluster::Instant::max() && (!next || edge < *next)) next = edge;
    }
  }
  return next;
}

bool locks_out(const fault::Fault& fault) {
  const fault::Match& match = fault.match;
  const bool for_ever = fault.window.to == cluster::Instant::max();
  const bool every_time = match.nth_last == std::numeric_limits<std::uint64_t>::max() &&
                          !match.connection && !match.parity && match.fraction >= 1;
  return fault.action.connect != fault::ConnectFault::none && for_ever && every_time;
}

}  // namespace fakeapi::wire

// The two series of a Service as steps: one wherever either of them changes.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "fakeapi/scenario/language/tree.hpp"
#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/world/series.hpp"

namespace fakeapi::scenario {

class SeriesReader {
 public:
  /// `listens` may be null: as many as are ready. Series of more Pods than there are go to the
  /// report, and come to no steps.
  SeriesReader(const Service& service, const Node& ready, const Node* listens,
               cluster::Duration interval, Report& report);

  /// Of how many Pods the steps say something in all, before they are made.
  std::size_t sayings() const;
  std::vector<ScenarioStep> steps() const;

 private:
  ScenarioStep step_at(std::size_t interval) const;

  const Service& service_;
  std::vector<SeriesValue> ready_;
  std::vector<SeriesValue> listens_;
  cluster::Duration interval_;
  Place place_;
  std::set<std::size_t> changes_;
};

}  // namespace fakeapi::scenario

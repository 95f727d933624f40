// One lane in the making: states follow each other, each holds until the next, and all of it is
// clipped to the picture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

class LaneBuilder {
 public:
  LaneBuilder(LaneKind kind, std::string name);

  /// From at_seconds on the lane is in this state; times must not go back.
  void begin(double at_seconds, State state, std::vector<std::string> labels, std::string why);
  /// From at_seconds on nothing is known.
  void end(double at_seconds);
  void add(Mark mark);
  /// A mark for an event that has no meaning of its own here: its text, whatever it is.
  void add_plain(const Event& event);

  std::optional<State> state() const;

  /// Intervals shorter than nothing are gone, equal neighbours are one, marks outside are gone
  /// except judged ones.
  Lane finish(double end_seconds) &&;

 private:
  Lane lane_;
  std::optional<Interval> open_;
};

/// "what: why", or whichever of them says something.
std::string text_of(const Event& event);

}  // namespace fakeapi::lanes

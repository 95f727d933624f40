// A recording as the text of a scenario that replays it.
#pragma once

#include <chrono>
#include <string>

#include "fakeapi/scenario/recording/recording.hpp"

namespace fakeapi::scenario::recording {

struct Written {
  std::string text;
  std::size_t objects = 0;  // at the start, without Nodes and Namespaces
  std::size_t steps = 0;    // after the first
  std::chrono::milliseconds length{};
};

/// Where `redact`, names and addresses are replaced consistently, and `source` is not told; `notes`
/// are, so they must hold no names then. Equal recordings give equal texts.
Written scenario_text(const Recording& recording, bool redact);

/// A Go duration: "0s", "12.345s", "1m30s".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace fakeapi::scenario::recording

// What the process beside the command tells fakeapi, as records of one size through a pipe: a write
// of at most PIPE_BUF bytes is never torn (pipe(7)), so a reader gets whole records.
#pragma once

#include <climits>
#include <cstdint>

namespace fakeapi::run::subject {

enum class Fact : std::int32_t {
  unusable,     // this way of starting does not work here; nothing was started
  degraded,     // something about the isolation could not be done; the command starts without
  started,      // exec has succeeded
  not_started,  // the last record but for left_behind
  ended,        // `number` is what waitpid gave
  left_behind   // `number` processes could not be killed
};

/// At what it was when `error` came.
enum class Step : std::int32_t {
  none,
  map_ids,
  signals,
  private_mounts,
  fresh_proc,
  service_account,  // opening the directory of the run
  shadow,           // the tmpfs over the deepest folder that exists
  entries,          // `number` of its entries could not be carried over; `error` is the first one's
  folders,          // making the missing ones
  bind,             // the service-account directory to its place
  fork,
  exec
};

struct News {
  Fact fact = Fact::unusable;
  Step step = Step::none;
  std::int32_t error = 0;  // errno
  std::int32_t number = 0;
  std::int64_t at_ns = 0;  // CLOCK_MONOTONIC
};
static_assert(sizeof(News) <= PIPE_BUF);

}  // namespace fakeapi::run::subject

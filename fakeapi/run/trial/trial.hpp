// One run: a scenario is played, a command runs against it, and what happened is judged.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakeapi/run/cluster_server.hpp"
#include "fakeapi/scenario/expect/judge.hpp"

namespace fakeapi::run {

struct TrialOptions {
  std::vector<std::string> command;
  std::uint64_t seed = 1;
  ServerOptions server;  // its folder, its seed and what is recorded are the trial's own affair
  bool keeps_log = false;
};

struct Verdict {
  std::string scenario;
  std::uint64_t seed = 1;
  std::vector<scenario::Finding> findings;  // empty: nothing was expected
  std::vector<scenario::Finding> habits;    // worth telling
  std::string how_it_ended;                 // "it exited 0 at 3.2 s"
  double seconds = 0;                       // of real time
  std::string log;                          // of events, JSON lines; where it was asked for

  bool met() const;
};

/// What is told while it runs, a line at a time.
using Tell = std::function<void(const std::string& line)>;

/// Blocks until the command has ended or the scenario is over; then nothing of it is left. A
/// failure is the user's (a command that does not exist) or the machine's.
std::variant<Verdict, Failure> run_trial(const scenario::Scenario& scenario,
                                         const TrialOptions& options, const Tell& tell);

}  // namespace fakeapi::run

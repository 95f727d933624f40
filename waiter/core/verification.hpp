// One round of --verify=tcp: connect to as many backends of each dependency as it needs, and to
// others where those refuse. A restart of the whole cluster leaves addresses in the API where
// nothing listens; only a connection shows it. A round proves something about one short moment for
// all dependencies together, so a verdict needs one whole round. It connects to no more backends
// than needed: some servers count connections that say nothing as errors (MySQL's
// max_connect_errors).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "waiter/core/action.hpp"
#include "waiter/core/endpoint_view.hpp"
#include "waiter/core/random.hpp"

namespace waiter::core {

/// What one dependency brings into a round: its ready backends and how many must answer.
struct Candidates {
  std::vector<Backend> backends;
  int needed = 1;
};

class Verification {
 public:
  /// A connect that takes longer proves nothing; a SYN that is dropped is sent again after 1 s and
  /// 3 s (RFC 6298).
  static constexpr Duration connect_limit = std::chrono::seconds(2);
  /// Connections under way at once, of all dependencies together: a soft limit of 1024 open files
  /// is common.
  static constexpr std::size_t parallel_max = 64;
  /// Addresses that did not answer, kept for the user to read.
  static constexpr std::size_t unanswered_kept_max = 4;

  struct Result {
    int answering = 0;
    bool done = false;  // enough have answered, or no candidate is left
    std::vector<Unanswered> unanswered;
  };

  /// Begins a round and forgets the one before; its late answers are ignored.
  void start(std::vector<Candidates> candidates, Random& random, Actions& actions);
  /// Ends the round without a result.
  void abandon() {
    trials_.clear();
    probes_.clear();
  }
  void handle(const ProbeAnswered& answer, Actions& actions);

  bool running() const { return !trials_.empty(); }
  bool done() const;
  Result result(std::size_t dependency) const;

 private:
  struct Attempt {
    std::map<std::string, int> open_by_address;  // probes without an answer yet
    std::map<std::string, bool> failed_by_address;
    bool decided = false;
  };
  struct Trial {
    Candidates candidates;
    std::vector<Attempt> attempts;  // one for each backend that was tried so far
    int under_way = 0;
    int answering = 0;
    std::vector<Unanswered> unanswered;
  };
  struct Probe {
    std::size_t trial;
    std::size_t backend;
    Target target;
  };
  static bool is_done(const Trial& trial);
  void launch(std::size_t trial_index, Actions& actions);
  static void note_failure(Trial& trial, const Target& target, const std::string& error);

  std::vector<Trial> trials_;
  std::map<ProbeId, Probe> probes_;
  ProbeId last_probe_ = 0;
};

}  // namespace waiter::core

// run_times N -- COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]...: how long each command takes
// from the start of its process to its end, N times each, in turns, so that a machine that becomes
// slower does so for all of them. Printed is a JSON list of milliseconds for each command.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tools/bench/child.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Subject {
  char** command;
  std::vector<double> times_ms;
};

/// Each "--" becomes the null that ends the command before it.
std::vector<Subject> subjects_of(int argc, char** argv) {
  std::vector<Subject> subjects;
  for (int i = 2; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) != "--") continue;
    argv[i] = nullptr;
    subjects.push_back({argv + i + 1, {}});
  }
  return subjects;
}

void print(const std::vector<Subject>& subjects) {
  const char* before_list = "[[";
  for (const Subject& subject : subjects) {
    const char* before = before_list;
    for (const double time : subject.times_ms) {
      std::printf("%s%.3f", before, time);
      before = ", ";
    }
    before_list = "], [";
  }
  std::printf("]]\n");
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
  std::vector<Subject> subjects = subjects_of(argc, argv);
  if (rounds < 1 || subjects.empty()) return 2;
  for (int round = 0; round < rounds; ++round) {
    for (Subject& subject : subjects) {
      const auto begin = Clock::now();
      if (!bench::succeeded(bench::start_quietly(subject.command))) {
        std::fprintf(stderr, "run_times: %s failed\n", subject.command[0]);
        return 3;
      }
      const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
      subject.times_ms.push_back(taken.count());
    }
  }
  print(subjects);
  return 0;
}

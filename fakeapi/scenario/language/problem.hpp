// What is wrong with a file, and where: an error as a value, for people. A report collects all the
// problems of one file, so that a file is corrected in one go and not line by line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

struct Problem {
  std::string file;
  int line = 1;    // one-based
  int column = 1;  // one-based
  std::string message;
  std::string suggestion;  // what was probably meant; may be empty
};

/// `scenarios/x.yaml:7:5: unknown key "redy" in a step (did you mean "ready"?)`
std::string to_string(const Problem& problem);

/// `line 7:5: unknown key ...`, for a text that is no file.
std::string to_line(const Problem& problem);

/// Where something stands in a file, one-based.
struct Place {
  int line = 1;
  int column = 1;
};

class Report {
 public:
  explicit Report(std::string_view file) : file_(file) {}

  void add(Place place, std::string message, std::string suggestion = {});
  bool empty() const { return problems_.empty(); }
  /// In the file's order, each once.
  std::vector<Problem> take();

 private:
  std::string file_;
  std::vector<Problem> problems_;
};

}  // namespace fakeapi::scenario

// One line of an event log: what happened, when, in which lane, and why. The log is JSON lines,
// each an object with exactly these four keys in this order (docs/event-log.md):
//   {"at":12.345,"lane":"api/mysql","what":"ready 3/3","why":"EndpointSlices show 3 ready
//   addresses"}
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fakeapi::lanes {

/// A longer line is refused: nothing that people read needs it (Go's bufio.Scanner draws the line
/// there, too).
inline constexpr std::size_t line_bytes_max = 64 * 1024;

struct Event {
  double at_seconds = 0;  // since the scenario started; finite
  std::string lane;
  std::string what;
  std::string why;
};

/// A line that is no event: which one, and what is wrong with it.
struct LogError {
  std::size_t line;
  std::string message;
};

/// One line, without the newline. Bytes that are no UTF-8 become U+FFFD, as JSON cannot carry them
/// (RFC 8259, 8.1).
std::string to_json_line(const Event& event);

/// All events of a log in order of time (stable for equal times); blank lines are skipped. Each
/// line is a JSON object with exactly the keys at (a number), lane, what and why (strings), in any
/// order; the first that is not is the error.
std::variant<std::vector<Event>, LogError> parse_log(std::string_view text);

}  // namespace fakeapi::lanes

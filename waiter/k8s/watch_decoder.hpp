// The bytes of a watch -> its events. A stream is JSON, one event a line; a chunk of HTTP is no
// line: a line may come in many pieces, cut in the middle of a character, and a piece may hold many
// lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "waiter/core/failure.hpp"
#include "waiter/core/slice.hpp"
#include "waiter/k8s/objects.hpp"

namespace waiter::k8s {

struct SliceEvent {
  enum class Type { added, modified, deleted };
  Type type;
  core::Slice slice;
};
struct BookmarkEvent {
  std::string resource_version;
  bool initial_events_end = false;
};
/// An ERROR event: the stream is of no use any more, and its object is a Status.
struct ErrorEvent {
  core::Failure failure;
};

using WatchItem = std::variant<SliceEvent, BookmarkEvent, ErrorEvent, DecodeError>;

class WatchDecoder {
 public:
  /// The longest line that is read: etcd's limit for an object is 1.5 MiB, JSON may need twice
  /// that.
  static constexpr std::size_t line_size_max = 3U * 1024 * 1024;

  explicit WatchDecoder(core::Resource resource) : resource_(resource) {}

  /// The events that `bytes` completes, in order. After an ErrorEvent or a DecodeError nothing more
  /// comes: what follows something that was not understood cannot be trusted.
  std::vector<WatchItem> feed(std::string_view bytes);

  /// True when the stream ended in the middle of a line.
  bool has_partial_line() const { return !line_.empty(); }

 private:
  void take_line(std::string_view line, std::vector<WatchItem>& items);

  std::string line_;  // what has come of the current line
  bool failed_ = false;
  core::Resource resource_;
};

}  // namespace waiter::k8s

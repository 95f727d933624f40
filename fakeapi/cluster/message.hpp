// An HTTP exchange as values, without framing and without sockets: what a client asked and what the
// API answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::cluster {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name (names compare without case, RFC 9110 5.1), or
/// nothing.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;  // upper case, as on the wire
  std::string target;  // origin form, still percent-encoded: /api/v1/endpoints?watch=true
  Headers headers;
  std::string body;
};

/// Bytes that many readers share: an event is serialised once for all watches.
using Bytes = std::shared_ptr<const std::string>;

/// A watch as the client sees it: pieces of body that come over time. One piece is one event, one
/// line of JSON that ends in '\n', and is sent as one chunk (golden/wire-facts.md, "Watch stream
/// over HTTP/1.1").
class WatchStream {
 public:
  enum class State {
    ready,  // `bytes` is the next piece; ask again
    idle,   // nothing now: wait for on_ready or for deadline()
    ended,  // the stream ended cleanly: send the last chunk, the connection stays usable
    cut  // the reader fell too far behind or the history is gone: close the connection without the
         // last chunk
  };
  struct Piece {
    State state;
    Bytes bytes;
  };
  virtual ~WatchStream() = default;
  virtual Piece next(Instant now) = 0;
  /// When next() must be asked again although nothing was reported: bookmarks, timeoutSeconds.
  virtual std::optional<Instant> deadline() const = 0;
  /// `ready` is called, at most once for each time that next() said idle, when next() has something
  /// to say. It must not call back into the cluster: it only notes that this stream wants to be
  /// asked.
  virtual void on_ready(std::function<void()> ready) = 0;
};

struct Response {
  int status = 200;
  Headers headers;  // Content-Type and what the API adds; framing headers are the server's
  Bytes body;       // never null unless `stream` is set
  std::unique_ptr<WatchStream> stream;
  Duration
      delay{};  // the API thinks for so long before it answers (a version from the future: 3 s)
};

}  // namespace fakeapi::cluster

// What the server sends for one request: a head, then pieces of body over time, then an end. It
// stands between the cluster's answer and the socket, so that the simulator delivers the very same
// pieces, and a fault plan has one place to change them.
#pragma once

#include <functional>
#include <optional>

#include "fakeapi/cluster/message.hpp"

namespace fakeapi::wire {

struct Head {
  int status = 200;
  cluster::Headers headers;
  bool chunked = false;  // a stream: Transfer-Encoding chunked; otherwise the whole body is `body`
                         // of the exchange
};

class Exchange {
 public:
  Exchange(cluster::Instant now, cluster::Response response);

  /// The head may be sent from this time on.
  cluster::Instant head_due() const { return head_due_; }
  const Head& head() const { return head_; }
  /// The whole body of an answer that is no stream; null for a stream.
  const cluster::Bytes& body() const { return body_; }

  /// For a stream only; the meaning is WatchStream's.
  cluster::WatchStream::Piece next(cluster::Instant now) { return stream_->next(now); }
  std::optional<cluster::Instant> deadline() const { return stream_->deadline(); }
  void on_ready(std::function<void()> ready) { stream_->on_ready(std::move(ready)); }

 private:
  cluster::Instant head_due_;
  Head head_;
  cluster::Bytes body_;
  std::unique_ptr<cluster::WatchStream> stream_;
};

}  // namespace fakeapi::wire

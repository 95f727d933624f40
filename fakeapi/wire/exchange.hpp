// What the server sends for one request: a head, then pieces of body over time, then an end. It
// stands between the cluster's answer and the socket, so that the simulator delivers the very same
// pieces, and a fault plan has one place to change them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "fakeapi/cluster/message.hpp"
#include "fakeapi/wire/disturbance.hpp"
#include "fakeapi/wire/fault_plan.hpp"
#include "fakeapi/wire/request_log.hpp"
#include "fakeapi/wire/segment.hpp"

namespace fakeapi::wire {

struct Head {
  int status = 200;  // 0: there is no head, the connection ends instead as next() says
  cluster::Headers headers;
  bool chunked = false;          // a stream: Transfer-Encoding chunked
  std::size_t length_bytes = 0;  // otherwise: what Content-Length says
};

/// An answer that is not known yet when the request has arrived: a long poll.
class PendingAnswer {
 public:
  virtual ~PendingAnswer() = default;
  /// The answer, once; nothing as long as there is none.
  virtual std::optional<cluster::Response> poll(cluster::Instant now) = 0;
  /// When poll() must be asked again although nothing was reported.
  virtual cluster::Instant deadline() const = 0;
  /// `ready` is called when poll() may have something to say. It only notes that.
  virtual void on_ready(std::function<void()> ready) = 0;
};

class Exchange {
 public:
  Exchange(cluster::Instant now, cluster::Response response);
  /// The same, with what the fault makes of it.
  Exchange(cluster::Instant now, cluster::Response response, Decision decision);
  explicit Exchange(std::unique_ptr<PendingAnswer> pending);
  /// No answer, as the fault's NoAnswer says.
  static Exchange without_answer(cluster::Instant now, const Decision& decision);

  /// True from when the head may be sent; it is not known before.
  bool head_is_due(cluster::Instant now);
  /// When to ask again; Instant::max() is never.
  cluster::Instant head_due() const { return pending_ ? pending_->deadline() : head_due_; }
  bool is_pending() const { return pending_ != nullptr; }
  const Head& head() const { return head_; }

  /// The whole body of an answer that can be sent at once; null when it comes by next().
  const cluster::Bytes& body() const;

  /// For what has no body() only.
  Segment next(cluster::Instant now);
  std::optional<cluster::Instant> deadline() const;
  /// For streams and pending answers; `ready` is called when next() or head_is_due() may have
  /// something to say. It must not call back.
  void on_ready(std::function<void()> ready);

  /// The connection ends in order when this has been sent.
  void end_connection() { head_.headers.emplace_back("Connection", "close"); }

  /// A watch that is open as long as this exchange is.
  void note_stream(std::unique_ptr<StreamNote> note) { note_ = std::move(note); }

 private:
  cluster::Instant head_due_{};
  Head head_;
  BodySource source_;
  Segment::State instead_ = Segment::State::ended;  // of a head
  std::unique_ptr<Disturbance> disturbance_;
  std::unique_ptr<StreamNote> note_;
  std::unique_ptr<PendingAnswer> pending_;
};

}  // namespace fakeapi::wire

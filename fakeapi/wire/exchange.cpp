#include "fakeapi/wire/exchange.hpp"

#include <string>
#include <utility>

namespace fakeapi::wire {
namespace {

// Whether the fault changes how the body of this answer comes, and not only what it is.
bool disturbs(const fault::Action& action, bool is_stream) {
  if (action.bandwidth_bytes_per_second > 0) return true;
  if (is_stream) return action.stream.has_value();
  return action.body && action.body->then != fault::BodyEffect::shorten;
}

}  // namespace

Exchange::Exchange(cluster::Instant now, cluster::Response response)
    : head_due_(now + response.delay),
      head_{response.status, std::move(response.headers), response.stream != nullptr,
            response.body ? response.body->size() : 0},
      source_{std::move(response.body), std::move(response.stream)} {}

Exchange::Exchange(cluster::Instant now, cluster::Response response, Decision decision)
    : Exchange(now, std::move(response)) {
  const fault::Action& action = decision.fault->action;
  if (action.latency) head_due_ += decision.draws.duration(*action.latency);
  if (action.body && action.body->then == fault::BodyEffect::shorten && source_.body) {
    head_.length_bytes = kept_bytes(*action.body, source_.body->size());
    source_.body = std::make_shared<const std::string>(source_.body->substr(0, head_.length_bytes));
  }
  if (disturbs(action, source_.stream != nullptr)) {
    disturbance_ = std::make_unique<Disturbance>(std::move(decision));
  }
}

Exchange::Exchange(std::unique_ptr<PendingAnswer> pending) : pending_(std::move(pending)) {}

Exchange Exchange::without_answer(cluster::Instant now, const Decision& decision) {
  const fault::Action& action = decision.fault->action;
  Exchange exchange(now, cluster::Response{0, {}, nullptr, nullptr, {}});
  if (action.latency) exchange.head_due_ += decision.draws.duration(*action.latency);
  switch (action.no_answer.value_or(fault::NoAnswer::close)) {
    case fault::NoAnswer::silence:
      exchange.head_due_ = cluster::Instant::max();
      break;
    case fault::NoAnswer::close:
      exchange.instead_ = Segment::State::cut;
      break;
    case fault::NoAnswer::reset:
      exchange.instead_ = Segment::State::reset;
      break;
  }
  return exchange;
}

bool Exchange::head_is_due(cluster::Instant now) {
  if (pending_) {
    auto answer = pending_->poll(now);
    if (!answer) return false;
    *this = Exchange(now, std::move(*answer));
  }
  return head_due_ <= now;
}

const cluster::Bytes& Exchange::body() const {
  static const cluster::Bytes none;
  return disturbance_ ? none : source_.body;
}

Segment Exchange::next(cluster::Instant now) {
  Segment segment;
  if (disturbance_) {
    segment = disturbance_->next(now, source_);
  } else if (source_.stream) {
    auto piece = source_.stream->next(now);
    using Of = cluster::WatchStream::State;
    segment.state = piece.state == Of::ready   ? Segment::State::ready
                    : piece.state == Of::idle  ? Segment::State::idle
                    : piece.state == Of::ended ? Segment::State::ended
                                               : Segment::State::cut;
    segment.to = piece.bytes ? piece.bytes->size() : 0;
    segment.piece = std::move(piece.bytes);
  } else {
    segment.state = instead_;
  }
  if (note_ && segment.piece && segment.to == segment.piece->size())
    note_->delivered(segment.piece);
  const bool goes_on =
      segment.state == Segment::State::ready || segment.state == Segment::State::idle;
  if (note_ && !goes_on) note_->finished();
  return segment;
}

std::optional<cluster::Instant> Exchange::deadline() const {
  return disturbance_ ? disturbance_->deadline(source_) : source_.deadline();
}

void Exchange::on_ready(std::function<void()> ready) {
  if (pending_) return pending_->on_ready(std::move(ready));
  if (source_.stream) source_.stream->on_ready(std::move(ready));
}

}  // namespace fakeapi::wire

// From an exchange to bytes: a whole body, or a stream of pieces. What is small leaves in one
// write; what a reader does not take stays here, and nothing more is asked for until it has gone.
#include <utility>

#include "fakeapi/server/answer.hpp"
#include "fakeapi/server/connection.hpp"
#include "fakeapi/server/services.hpp"

namespace fakeapi::server {

Connection::Need Connection::think() {
  if (exchange_->head_is_due(services_.clock())) return begin_answer();
  if (exchange_->head_due() == cluster::Instant::max() && !exchange_->is_pending()) {
    return never_answer();
  }
  if (readable_ && client_is_gone()) {
    close();
    return Need::nothing;
  }
  wait_until(exchange_->head_due());
  return unread_.empty() ? Need::read : Need::nothing;
}

// Whatever the client still sends is read away, so that its end is seen.
Connection::Need Connection::never_answer() {
  exchange_.reset();
  std::string().swap(unread_);
  phase_ = Phase::lingering;
  return Need::go_on;
}

Connection::Need Connection::begin_answer() {
  services_.deadlines.clear(*this);
  const wire::Head& head = exchange_->head();
  end_ = wire::Segment::State::idle;
  chunked_ = chunk_open_ = false;
  if (head.status == 0) {
    end_ = exchange_->next(services_.clock()).state;
    return end_body();
  }
  if (head.status == switching_protocols) return begin_websocket();
  keep_alive_ = keep_alive_ && !asks_to_close(head);
  Framing framing;
  if (head.chunked) {
    chunked_ = knows_chunks_;
    framing.body = chunked_ ? Framing::Body::chunked : Framing::Body::until_close;
    keep_alive_ = keep_alive_ && chunked_;
  } else {
    framing.length_bytes = head.length_bytes;
  }
  framing.close = !keep_alive_;
  framing.old_keep_alive = keep_alive_ && !knows_chunks_;
  services_.output.clear();
  append_head(services_.output, head, framing, services_.date());
  if (exchange_->body() || head_only_) return send_body();

  phase_ = Phase::streaming;
  watching_ = head.chunked;
  if (watching_) ++services_.stream_count;
  exchange_->on_ready(
      [weak = weak_from_this(), &services = services_] { services.wake_later(weak); });
  return send(services_.output);
}

Connection::Need Connection::send_body() {
  phase_ = Phase::sending;
  const cluster::Bytes body = head_only_ ? nullptr : exchange_->body();
  std::string& out = services_.output;
  if (!body) return send(out);
  // Head and body in one record where they fit; of a long body no more is copied than fills the
  // first.
  const std::size_t room = record_bytes_max - std::min(record_bytes_max, out.size());
  const std::size_t copied = std::min(room, body->size());
  out.append(*body, 0, copied);
  return copied == body->size() ? send(out) : send(out, body, copied);
}

Connection::Need Connection::stream() {
  const Need need = flush();
  if (need != Need::go_on) return need;
  if (end_ != wire::Segment::State::idle) return end_body();
  if (frames_ && (readable_ || !unread_.empty())) return hear();
  if (readable_ && client_is_gone()) {
    close();
    return Need::nothing;
  }
  std::string& out = services_.output;
  out.clear();
  const bool idle = gather(out);
  if (phase_ == Phase::closed) return Need::nothing;
  if (!out.empty()) return send(out);
  if (!idle) return Need::go_on;
  if (const auto due = exchange_->deadline()) wait_until(*due);
  return unread_.empty() ? Need::read : Need::nothing;
}

// Pieces that are there, up to about one record, each its own chunk. True: there is nothing more
// now.
bool Connection::gather(std::string& out) {
  using State = wire::Segment::State;
  services_.deadlines.clear(*this);
  while (out.size() < record_bytes_max) {
    const wire::Segment segment = exchange_->next(services_.clock());
    if (segment.state == State::idle) return true;
    if (segment.state != State::ready) {
      end_ = segment.state;
      if (chunked_ && end_ == State::ended) out += last_chunk;
      if (frames_ && end_ == State::ended) out += close_frame;
      return false;
    }
    if (!segment.piece) continue;
    if (frames_) {
      append_frame(out, *segment.piece, segment.from, segment.to);
      chunk_open_ = segment.to < segment.piece->size();
    } else if (chunked_) {
      append_chunk(out, *segment.piece, segment.from, segment.to);
      chunk_open_ = segment.to < segment.piece->size();
    } else {
      out.append(*segment.piece, segment.from, segment.to - segment.from);
    }
  }
  return false;
}

Connection::Need Connection::end_body() {
  switch (end_) {
    case wire::Segment::State::ended:
      return next_request();
    case wire::Segment::State::reset:
      reset();
      return Need::nothing;
    default:
      close_in_order();
      return Need::nothing;
  }
}

Connection::Need Connection::next_request() {
  if (std::exchange(watching_, false)) --services_.stream_count;
  phase_ = Phase::request;
  exchange_.reset();
  if (!keep_alive_) return linger();
  services_.deadlines.set_in(*this, services_.limits.idle_ms_max);
  if (!unread_.empty()) {
    unread_is_new_ = true;
    return Need::go_on;
  }
  // A read that would find nothing costs a call for each request.
  return readable_ || tls_->has_pending() ? Need::go_on : Need::read;
}

Connection::Need Connection::send(std::string_view text, cluster::Bytes shared,
                                  std::size_t shared_from) {
  std::size_t text_sent = 0;
  auto status = write_all(text, text_sent);
  if (status == TlsStream::Status::done && shared) {
    status = write_all(std::string_view(*shared).substr(shared_from), shared_from);
  }
  if (status == TlsStream::Status::want_read || status == TlsStream::Status::want_write) {
    unsent_ = std::make_unique<Unsent>();
    unsent_->text = text.substr(text_sent);
    unsent_->shared = std::move(shared);
    unsent_->shared_sent = shared_from;
  }
  return need_of(status);
}

Connection::Need Connection::flush() {
  if (!unsent_) return Need::go_on;
  Unsent& rest = *unsent_;
  auto status = write_all(std::string_view(rest.text).substr(rest.text_sent), rest.text_sent);
  if (status == TlsStream::Status::done && rest.shared) {
    status = write_all(std::string_view(*rest.shared).substr(rest.shared_sent), rest.shared_sent);
  }
  if (status == TlsStream::Status::done) unsent_.reset();
  return need_of(status);
}

TlsStream::Status Connection::write_all(std::string_view bytes, std::size_t& sent) {
  while (!bytes.empty()) {
    const auto result = tls_->write(bytes);
    if (result.status != TlsStream::Status::done) return result.status;
    bytes.remove_prefix(result.bytes);
    sent += result.bytes;
  }
  return TlsStream::Status::done;
}

}  // namespace fakeapi::server

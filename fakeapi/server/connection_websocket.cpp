// A watch over WebSocket: the head says so once, each piece is a frame, and what the client sends
// in between is heard only for its pings and its end.
#include <utility>

#include "fakeapi/server/answer.hpp"
#include "fakeapi/server/connection.hpp"
#include "fakeapi/server/services.hpp"

namespace fakeapi::server {

Connection::Need Connection::begin_websocket() {
  frames_ = std::make_unique<FrameReader>();
  keep_alive_ = false;
  phase_ = Phase::streaming;
  watching_ = true;
  ++services_.stream_count;
  exchange_->on_ready(
      [weak = weak_from_this(), &services = services_] { services.wake_later(weak); });
  const auto protocol =
      cluster::find_header(exchange_->head().headers, "Sec-WebSocket-Protocol").value_or("");
  return send(websocket_head(std::exchange(websocket_key_, {}), protocol));
}

Connection::Need Connection::hear() {
  readable_ = false;
  std::string bytes = std::exchange(unread_, {});
  unread_is_new_ = false;
  if (bytes.empty()) {
    auto& input = services_.input;
    const auto [status, size] = tls_->read(input.data(), input.size());
    if (status != TlsStream::Status::done) {
      const Need need = need_of(status);
      return need == Need::read ? Need::go_on : need;  // nothing was there: on with the stream
    }
    bytes.assign(input.data(), size);
  }
  readable_ = tls_->has_pending();
  const FrameReader::Heard heard = frames_->put(bytes);
  if (heard.closed) {
    end_ = wire::Segment::State::cut;
    return send(heard.pongs + std::string(close_frame));
  }
  return heard.pongs.empty() ? Need::go_on : send(heard.pongs);
}

}  // namespace fakeapi::server

// From bytes to a request. Bytes are parsed where they were received; only what is left of them
// moves into the connection, which is nothing for nearly every request.
#include <utility>

#include "fakeapi/server/answer.hpp"
#include "fakeapi/server/connection.hpp"
#include "fakeapi/server/services.hpp"

namespace fakeapi::server {

Connection::Need Connection::read_request() {
  if (std::exchange(unread_is_new_, false)) return parse(unread_);
  readable_ = false;
  auto& input = services_.input;
  const auto [status, bytes] = tls_->read(input.data(), input.size());
  if (status != TlsStream::Status::done) return need_of(status);
  if (unread_.empty()) return parse({input.data(), bytes});
  unread_.append(input.data(), bytes);
  return parse(unread_);
}

Connection::Need Connection::parse(std::string_view bytes) {
  const bool first_bytes = !parser_;
  if (first_bytes) parser_.emplace(services_.limits);
  const bool head_was_complete = parser_->head_complete();
  const auto [state, consumed] = parser_->put(bytes);
  keep_unread(bytes, consumed);
  switch (state) {
    case RequestParser::State::incomplete:
      return await_rest(first_bytes, head_was_complete);
    case RequestParser::State::complete:
      return hand_over();
    case RequestParser::State::bad:
      return refuse(400, {});
    case RequestParser::State::head_too_large:
      return refuse(431, {});
    case RequestParser::State::unknown_encoding:
      return refuse(501, "unsupported transfer encoding");
    case RequestParser::State::unknown_version:
      return refuse(505, "unsupported protocol version");
    case RequestParser::State::unknown_expectation:
      return refuse(417, {});
    case RequestParser::State::body_too_large:
      break;
  }
  return refuse(413, "limit is " + std::to_string(services_.limits.body_bytes_max));
}

// A head must arrive within its time, counted from its first byte, however slowly it drips; so must
// a body.
Connection::Need Connection::await_rest(bool first_bytes, bool head_was_complete) {
  const bool head_is_complete = parser_->head_complete();
  if (head_is_complete && !head_was_complete) {
    services_.deadlines.set_in(*this, services_.limits.body_ms_max);
  } else if (first_bytes) {
    services_.deadlines.set_in(*this, services_.limits.head_ms_max);
  }
  if (parser_->take_continue_wish()) {
    phase_ = Phase::sending;
    return send(continue_line);
  }
  return Need::go_on;
}

void Connection::keep_unread(std::string_view bytes, std::size_t consumed) {
  if (bytes.data() == unread_.data()) {
    unread_.erase(0, consumed);
  } else {
    unread_.assign(bytes.substr(consumed));
  }
  if (unread_.empty() && unread_.capacity() > record_bytes_max) std::string().swap(unread_);
}

Connection::Need Connection::refuse(int status, const std::string& detail) {
  services_.deadlines.clear(*this);
  parser_.reset();
  keep_alive_ = false;
  phase_ = Phase::sending;
  return send(refusal(status, detail));
}

Connection::Need Connection::hand_over() {
  cluster::Request request = parser_->take();
  keep_alive_ = parser_->keep_alive();
  knows_chunks_ = parser_->knows_chunks();
  parser_.reset();
  head_only_ = request.method == "HEAD";
  services_.deadlines.clear(*this);

  const auto agent = cluster::find_header(request.headers, "User-Agent").value_or("");
  websocket_key_ = cluster::find_header(request.headers, "Sec-WebSocket-Key").value_or("");
  user_agent_.assign(agent.substr(0, wire::RequestLog::user_agent_bytes_max));
  exchange_ = std::make_unique<wire::Exchange>(
      services_.handler(services_.clock(), caller(), std::move(request)));
  if (phase_ == Phase::closed) return Need::nothing;  // the request took the server down
  if (exchange_->is_pending()) {
    exchange_->on_ready(
        [weak = weak_from_this(), &services = services_] { services.wake_later(weak); });
  }
  phase_ = Phase::thinking;
  return Need::go_on;
}

}  // namespace fakeapi::server

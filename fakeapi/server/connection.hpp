// One client: handshake, requests one after the other, answers, and a watch when one is asked for.
// It never blocks and holds no buffer while it waits; it is run again when its socket, its stream
// or its deadline has something new.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "fakeapi/cluster/message.hpp"
#include "fakeapi/server/deadlines.hpp"
#include "fakeapi/server/request_parser.hpp"
#include "fakeapi/server/socket.hpp"
#include "fakeapi/server/tls_stream.hpp"
#include "fakeapi/server/websocket.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::server {

class Services;

class Connection final : public std::enable_shared_from_this<Connection>, private Deadlines::Entry {
 public:
  Connection(Services& services, ssl_ctx_st* tls, UniqueFd fd, std::uint64_t number);
  ~Connection();

  void start();
  /// In its place, for what a fault makes of the connection: it is read and never answered, or
  /// ended when the client has begun to speak.
  void start_silent();
  void start_cut_in_handshake();
  /// Its stream may have something to say, or it has more to do than the last turn allowed.
  void wake();
  /// Ends at once with RST.
  void reset();
  /// Ends in order, as far as that needs no waiting.
  void finish();

  wire::Caller caller() const { return {number_, user_agent_}; }

 private:
  enum class Phase {
    handshake,
    hello,      // the first bytes of a handshake that is to be cut
    request,    // reading one, or waiting for its first byte
    thinking,   // the answer is known and not due yet
    sending,    // an answer without a stream, or a refusal
    streaming,  // a body that comes in pieces: a watch, or what a fault has slowed down
    lingering,  // all is said: reading away what the client still sends
    closed
  };
  enum class Need { nothing, go_on, read, write };

  /// What could not be written at once: the text from `text_sent`, then `shared` (if any) from
  /// `shared_sent`.
  struct Unsent {
    std::string text;
    cluster::Bytes shared;
    std::size_t text_sent = 0;
    std::size_t shared_sent = 0;
  };

  // connection.cpp: life and waiting
  void run();
  Need step();
  Need shake_hands();
  Need read_hello();
  Need linger();
  Need drain();
  void on_deadline() override;
  void wait_for(Need need);
  void wait_until(cluster::Instant due);
  bool client_is_gone();
  Need need_of(TlsStream::Status status);
  void close_in_order();
  void close();
  void release();

  // connection_request.cpp: from bytes to a request
  Need read_request();
  Need parse(std::string_view bytes);
  Need await_rest(bool first_bytes, bool head_was_complete);
  void keep_unread(std::string_view bytes, std::size_t consumed);
  Need refuse(int status, const std::string& detail);
  Need hand_over();

  // connection_websocket.cpp: a watch in frames
  Need begin_websocket();
  Need hear();

  // connection_answer.cpp: from an exchange to bytes
  Need think();
  Need never_answer();
  Need begin_answer();
  Need send_body();
  Need stream();
  bool gather(std::string& out);
  Need end_body();
  Need next_request();
  Need send(std::string_view text, cluster::Bytes shared = nullptr, std::size_t shared_from = 0);
  Need flush();
  TlsStream::Status write_all(std::string_view bytes, std::size_t& sent);

  Services& services_;
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor_;
  const std::uint64_t number_;
  std::string user_agent_;  // of the last request
  std::unique_ptr<TlsStream> tls_;
  std::optional<RequestParser> parser_;
  std::string unread_;  // received and not consumed
  std::unique_ptr<Unsent> unsent_;
  std::unique_ptr<wire::Exchange> exchange_;
  std::string websocket_key_;            // of a request that asks for an upgrade
  std::unique_ptr<FrameReader> frames_;  // the watch comes as frames, not as chunks

  Phase phase_ = Phase::handshake;
  bool running_ = false;
  bool waits_read_ = false;
  bool waits_write_ = false;
  bool readable_ = false;       // the socket became readable while nothing was being read
  bool unread_is_new_ = false;  // the parser has not seen all of unread_ yet
  bool chunked_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool knows_chunks_ = true;
  bool watching_ = false;                                  // counted as a stream
  bool chunk_open_ = false;                                // announced and not sent in full
  wire::Segment::State end_ = wire::Segment::State::idle;  // of a body in pieces; idle: none yet
};

}  // namespace fakeapi::server

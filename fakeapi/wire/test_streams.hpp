// For tests: streams that say what a test wants, faults in one line, and what a client would read.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::wire::testing_tools {

using cluster::Instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline cluster::Bytes bytes(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// What the stream has still to say, and what became of it.
struct Script {
  std::deque<cluster::WatchStream::Piece> pieces;
  std::optional<Instant> deadline;
  std::function<void()> ready;
  bool destroyed = false;

  void say(const std::string& event) {
    pieces.push_back({cluster::WatchStream::State::ready, bytes(event)});
  }
  void end(cluster::WatchStream::State how = cluster::WatchStream::State::ended) {
    pieces.push_back({how, nullptr});
  }
};

class ScriptedStream final : public cluster::WatchStream {
 public:
  explicit ScriptedStream(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ~ScriptedStream() override { script_->destroyed = true; }
  Piece next(Instant) override {
    if (script_->pieces.empty()) return {State::idle, nullptr};
    Piece piece = std::move(script_->pieces.front());
    script_->pieces.pop_front();
    return piece;
  }
  std::optional<Instant> deadline() const override { return script_->deadline; }
  void on_ready(std::function<void()> ready) override { script_->ready = std::move(ready); }

 private:
  std::shared_ptr<Script> script_;
};

inline cluster::Response stream_response(const std::shared_ptr<Script>& script) {
  cluster::Response response;
  response.stream = std::make_unique<ScriptedStream>(script);
  return response;
}

inline cluster::Response body_response(const std::string& body) {
  cluster::Response response;
  response.body = bytes(body);
  return response;
}

inline fault::Fault fault_of(fault::Action action, std::string name = "test") {
  fault::Fault fault;
  fault.name = std::move(name);
  fault.action = std::move(action);
  return fault;
}

inline fault::Action stream_action(fault::StreamEffect then, std::uint64_t after_events = 0,
                                   cluster::Duration after = {}) {
  fault::Action action;
  action.stream = fault::StreamFault{after_events, after, then};
  return action;
}

inline Decision decision_of(fault::Action action, std::uint64_t index = 1) {
  const auto fault = std::make_shared<const fault::Fault>(fault_of(std::move(action)));
  return {fault, scenario::Draws(1, fault->name, index)};
}

/// What a client has got so far: the parts of pieces, and how it ended (idle: it has not).
struct Read {
  std::vector<std::string> parts;
  Segment::State end = Segment::State::idle;
  bool chunk_open = false;  // announced and not complete

  std::string all() const {
    std::string text;
    for (const std::string& part : parts) text += part;
    return text;
  }
};

/// Everything that the exchange says at this time.
inline Read read_all(Exchange& exchange, Instant now) {
  Read read;
  while (true) {
    const Segment segment = exchange.next(now);
    read.end = segment.state;
    if (segment.state != Segment::State::ready) return read;
    read.parts.push_back(segment.piece->substr(segment.from, segment.to - segment.from));
    read.chunk_open = segment.to < segment.piece->size();
  }
}

}  // namespace fakeapi::wire::testing_tools

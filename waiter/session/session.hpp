// The engine together with its requests: lists and watches become requests as values, heads and
// bytes of answers become events. It knows which request belongs to which list and watch, how long
// each may take, and drops late answers. A driver (sockets, the simulator) carries out commands in
// order and reports back.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "waiter/core/engine.hpp"
#include "waiter/k8s/watch_decoder.hpp"
#include "waiter/session/message.hpp"

namespace waiter::session {

class Session {
 public:
  using Commands = std::vector<Command>;

  /// A list must be complete after so long, connecting included.
  static constexpr core::Duration list_limit = std::chrono::seconds(20);
  /// The head of a watch must be here after so long; kube-apiserver sends it before the first
  /// event.
  static constexpr core::Duration head_limit = std::chrono::seconds(15);
  /// A watch that is not over by its lifetime and so much more is dead without a sign.
  static constexpr core::Duration lifetime_grace = std::chrono::seconds(10);
  /// The largest page of a list that is read: 100 objects of 300 KiB, which is the API's limit of
  /// 1,000 endpoints in a slice.
  static constexpr std::size_t page_size_max = 32U * 1024 * 1024;
  /// The most pages of a list: 100,000 objects in one namespace.
  static constexpr int pages_max = 1000;
  /// The most that is read of the body of an error.
  static constexpr std::size_t error_size_max = 64U * 1024;

  explicit Session(core::EngineOptions options) : engine_(std::move(options)) {}

  Commands start(core::Instant now);
  Commands on_head(core::Instant now, RequestId id, const Head& head);
  Commands on_body(core::Instant now, RequestId id, std::string_view bytes);
  Commands on_end(core::Instant now, RequestId id, const End& end);
  Commands on_probe(core::Instant now, core::ProbeAnswered answer);
  Commands on_signal(core::Instant now, core::SignalReceived::Signal signal);
  Commands on_deadline(core::Instant now);

  std::optional<core::Instant> next_deadline() const;
  core::Snapshot snapshot(core::Instant now) const { return engine_.snapshot(now); }

 private:
  enum class Use {
    list,
    get,  // of one object, in place of a list
    watch,
    confirm,  // a list beside the watch
    service   // a get of a Service
  };
  struct Exchange {
    Use use = Use::list;
    core::ReflectorId reflector = 0;
    core::Selection selection;
    std::string service;
    core::Instant give_up_at{};
    core::Duration lifetime{};
    std::optional<Head> head;
    std::string body;  // of a page, an object or an error
    int pages = 0;
    std::vector<core::Slice> slices;  // of the pages before
    k8s::WatchDecoder decoder{selection.resource};
  };

  void give_to_engine(core::Instant now, const core::Event& event, Commands& commands);
  void send(core::Instant now, const core::SendList& list, Commands& commands);
  void send(core::Instant now, const core::OpenWatch& watch, Commands& commands);
  void send(core::Instant now, const core::ConfirmView& confirm, Commands& commands);
  void send(core::Instant now, const core::Abandon& abandon, Commands& commands);
  void send(core::Instant now, const core::AskService& ask, Commands& commands);
  void start_request(Exchange exchange, std::string target, Commands& commands);
  /// What goes beside the watches goes one after the other: together they need one connection more
  /// than there are watches, and the next request on one that is open is faster than a handshake.
  void start_beside(core::Instant now, Commands& commands);
  void answer_list(core::Instant now, RequestId id, k8s::SliceList list, Commands& commands);
  /// Ends the exchange and reports the failure; `cancel` when the connection is still in use.
  void fail(core::Instant now, RequestId id, core::Failure failure, bool cancel,
            Commands& commands);
  void take_watch_items(core::Instant now, RequestId id, std::vector<k8s::WatchItem> items,
                        Commands& commands);
  void complete_list(core::Instant now, RequestId id, Commands& commands);
  void complete_error(core::Instant now, RequestId id, Commands& commands);

  struct Waiting {
    Exchange exchange;
    std::string target;
  };

  core::Engine engine_;
  std::map<RequestId, Exchange> exchanges_;
  std::deque<Waiting> beside_;  // reads before a verdict first
  RequestId last_id_ = 0;
};

}  // namespace waiter::session

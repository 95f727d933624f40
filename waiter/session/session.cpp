#include "waiter/session/session.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

#include "waiter/k8s/objects.hpp"
#include "waiter/k8s/request.hpp"
#include "waiter/k8s/status.hpp"

namespace waiter::session {
namespace {

using core::Cause;
using core::Failure;

constexpr int status_ok = 200;

Cause cause_of(End::Kind kind) {
  switch (kind) {
    case End::Kind::refused:
      return Cause::refused;
    case End::Kind::unreachable:
      return Cause::unreachable;
    case End::Kind::untrusted_certificate:
      return Cause::untrusted_certificate;
    case End::Kind::tls_failed:
      return Cause::tls_failed;
    case End::Kind::credentials_unreadable:
      return Cause::credentials_unreadable;
    case End::Kind::complete:
    case End::Kind::broken:
      return Cause::broken;
  }
  return Cause::broken;
}

}  // namespace

Session::Commands Session::start(core::Instant now) {
  Commands commands;
  give_to_engine(now, core::Started{}, commands);
  return commands;
}

Session::Commands Session::on_head(core::Instant now, RequestId id, const Head& head) {
  Commands commands;
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return commands;
  Exchange& exchange = found->second;
  exchange.head = head;
  if (exchange.use != Use::watch || head.status != status_ok) return commands;
  exchange.give_up_at = now + exchange.lifetime + lifetime_grace;
  give_to_engine(now, core::WatchOpened{exchange.reflector}, commands);
  return commands;
}

Session::Commands Session::on_body(core::Instant now, RequestId id, std::string_view bytes) {
  Commands commands;
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end() || !found->second.head) return commands;
  Exchange& exchange = found->second;
  if (exchange.head->status != status_ok) {
    exchange.body.append(
        bytes.substr(0, error_size_max - std::min(error_size_max, exchange.body.size())));
  } else if (exchange.use == Use::watch) {
    take_watch_items(now, id, exchange.decoder.feed(bytes), commands);
  } else if (exchange.body.size() + bytes.size() > page_size_max) {
    fail(now, id, {Cause::undecodable, status_ok, "the answer is larger than 32 MiB", std::nullopt},
         true, commands);
  } else {
    exchange.body.append(bytes);
  }
  start_beside(now, commands);
  return commands;
}

Session::Commands Session::on_end(core::Instant now, RequestId id, const End& end) {
  Commands commands;
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return commands;
  Exchange& exchange = found->second;
  if (end.kind != End::Kind::complete || !exchange.head) {
    fail(now, id, {cause_of(end.kind), 0, end.message, std::nullopt}, false, commands);
  } else if (exchange.head->status != status_ok) {
    complete_error(now, id, commands);
  } else if (exchange.use != Use::watch) {
    complete_list(now, id, commands);
  } else if (exchange.decoder.has_partial_line()) {
    fail(now, id,
         {Cause::broken, status_ok, "the watch ended in the middle of an event", std::nullopt},
         false, commands);
  } else {
    const core::ReflectorId reflector = exchange.reflector;
    exchanges_.erase(found);
    give_to_engine(now, core::WatchEnded{reflector}, commands);
  }
  start_beside(now, commands);
  return commands;
}

Session::Commands Session::on_probe(core::Instant now, core::ProbeAnswered answer) {
  Commands commands;
  give_to_engine(now, std::move(answer), commands);
  return commands;
}

Session::Commands Session::on_signal(core::Instant now, core::SignalReceived::Signal signal) {
  Commands commands;
  give_to_engine(now, core::SignalReceived{signal}, commands);
  return commands;
}

Session::Commands Session::on_deadline(core::Instant now) {
  Commands commands;
  std::vector<RequestId> late;
  for (const auto& [id, exchange] : exchanges_) {
    if (exchange.give_up_at <= now) late.push_back(id);
  }
  for (const RequestId id : late) {
    const bool streaming = exchanges_.at(id).head.has_value();
    fail(now, id,
         {Cause::too_slow, 0, streaming ? "the answer did not end in time" : "no answer in time",
          std::nullopt},
         true, commands);
  }
  start_beside(now, commands);
  give_to_engine(now, core::DeadlineReached{}, commands);
  return commands;
}

std::optional<core::Instant> Session::next_deadline() const {
  if (engine_.finished()) return std::nullopt;
  std::optional<core::Instant> earliest = engine_.next_deadline();
  for (const auto& [id, exchange] : exchanges_) {
    core::keep_earlier(earliest, exchange.give_up_at);
  }
  return earliest;
}

void Session::give_to_engine(core::Instant now, const core::Event& event, Commands& commands) {
  for (core::Action& action : engine_.handle(now, event)) {
    std::visit(
        [&](auto&& what) {
          using What = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<What, core::SendList> ||
                        std::is_same_v<What, core::OpenWatch> ||
                        std::is_same_v<What, core::ConfirmView> ||
                        std::is_same_v<What, core::Abandon> ||
                        std::is_same_v<What, core::AskService>) {
            send(now, what, commands);
          } else {
            commands.emplace_back(std::move(what));
          }
        },
        std::move(action));
  }
}

void Session::send(core::Instant now, const core::SendList& list, Commands& commands) {
  Exchange exchange;
  exchange.use = list.one ? Use::get : Use::list;
  exchange.reflector = list.reflector;
  exchange.selection = list.selection;
  exchange.give_up_at = now + list_limit;
  start_request(std::move(exchange),
                list.one ? k8s::get_target(list.selection) : k8s::list_target(list.selection, ""),
                commands);
}

void Session::send(core::Instant now, const core::OpenWatch& watch, Commands& commands) {
  Exchange exchange;
  exchange.use = Use::watch;
  exchange.reflector = watch.reflector;
  exchange.selection = watch.selection;
  exchange.decoder = k8s::WatchDecoder(watch.selection.resource);
  exchange.lifetime = watch.lifetime;
  exchange.give_up_at = now + head_limit;
  start_request(std::move(exchange),
                k8s::watch_target(watch.selection, watch.resource_version, watch.lifetime),
                commands);
}

void Session::send(core::Instant now, const core::ConfirmView& confirm, Commands& commands) {
  Exchange exchange;
  exchange.use = Use::confirm;
  exchange.reflector = confirm.reflector;
  exchange.selection = confirm.selection;
  const auto first_question =
      std::find_if(beside_.begin(), beside_.end(),
                   [](const Waiting& waiting) { return waiting.exchange.use == Use::service; });
  beside_.insert(first_question, {std::move(exchange), k8s::list_target(confirm.selection, "")});
  start_beside(now, commands);
}

void Session::send(core::Instant, const core::Abandon& abandon, Commands& commands) {
  for (auto it = exchanges_.begin(); it != exchanges_.end();) {
    const bool theirs = it->second.reflector == abandon.reflector &&
                        it->second.use != Use::confirm && it->second.use != Use::service;
    if (theirs) commands.emplace_back(CancelRequest{it->first});
    it = theirs ? exchanges_.erase(it) : std::next(it);
  }
}

void Session::send(core::Instant now, const core::AskService& ask, Commands& commands) {
  Exchange exchange;
  exchange.use = Use::service;
  exchange.selection.namespace_name = ask.namespace_name;
  exchange.service = ask.service;
  beside_.push_back({std::move(exchange), k8s::service_target(ask.namespace_name, ask.service)});
  start_beside(now, commands);
}

void Session::start_beside(core::Instant now, Commands& commands) {
  const bool under_way = std::any_of(exchanges_.begin(), exchanges_.end(), [](const auto& one) {
    return one.second.use == Use::confirm || one.second.use == Use::service;
  });
  if (beside_.empty() || under_way) return;
  Waiting next = std::move(beside_.front());
  beside_.pop_front();
  next.exchange.give_up_at = now + list_limit;
  start_request(std::move(next.exchange), std::move(next.target), commands);
}

void Session::start_request(Exchange exchange, std::string target, Commands& commands) {
  const RequestId id = ++last_id_;
  commands.emplace_back(SendRequest{id, std::move(target), exchange.use == Use::watch});
  exchanges_.emplace(id, std::move(exchange));
}

void Session::fail(core::Instant now, RequestId id, core::Failure failure, bool cancel,
                   Commands& commands) {
  const auto found = exchanges_.find(id);
  const Exchange exchange = std::move(found->second);
  exchanges_.erase(found);
  if (cancel) commands.emplace_back(CancelRequest{id});
  switch (exchange.use) {
    case Use::confirm:
      give_to_engine(now, core::ConfirmationFailed{exchange.reflector, std::move(failure)},
                     commands);
      return;
    case Use::service: {
      const bool absent = failure.cause == Cause::not_found;
      give_to_engine(now,
                     core::ServiceTold{exchange.selection.namespace_name, exchange.service,
                                       absent ? core::ServiceTold::Type::absent
                                              : core::ServiceTold::Type::unknown},
                     commands);
      return;
    }
    case Use::list:
    case Use::get:
    case Use::watch:
      give_to_engine(now, core::RequestFailed{exchange.reflector, std::move(failure)}, commands);
  }
}

void Session::take_watch_items(core::Instant now, RequestId id, std::vector<k8s::WatchItem> items,
                               Commands& commands) {
  const core::ReflectorId reflector = exchanges_.at(id).reflector;
  for (k8s::WatchItem& item : items) {
    if (auto* change = std::get_if<k8s::SliceEvent>(&item)) {
      const bool deleted = change->type == k8s::SliceEvent::Type::deleted;
      give_to_engine(now,
                     core::SliceChanged{reflector,
                                        deleted ? core::SliceChanged::Type::deleted
                                                : core::SliceChanged::Type::upserted,
                                        std::move(change->slice), &item != &items.back()},
                     commands);
    } else if (auto* bookmark = std::get_if<k8s::BookmarkEvent>(&item)) {
      give_to_engine(now,
                     core::Bookmarked{reflector, std::move(bookmark->resource_version),
                                      bookmark->initial_events_end},
                     commands);
    } else if (auto* error = std::get_if<k8s::ErrorEvent>(&item)) {
      fail(now, id, std::move(error->failure), true, commands);
      return;
    } else if (auto* undecodable = std::get_if<k8s::DecodeError>(&item)) {
      fail(now, id, {Cause::undecodable, status_ok, undecodable->message, std::nullopt}, true,
           commands);
      return;
    }
  }
}

void Session::complete_list(core::Instant now, RequestId id, Commands& commands) {
  Exchange& exchange = exchanges_.at(id);
  if (exchange.use == Use::service) {
    const core::ServiceTold told{exchange.selection.namespace_name, exchange.service,
                                 k8s::decode_service(exchange.body)};
    exchanges_.erase(id);
    give_to_engine(now, told, commands);
    return;
  }
  const core::Resource resource = exchange.selection.resource;
  auto decoded = exchange.use == Use::get ? k8s::decode_one(resource, exchange.body)
                                          : k8s::decode_list(resource, exchange.body);
  if (auto* error = std::get_if<k8s::DecodeError>(&decoded)) {
    fail(now, id, {Cause::undecodable, status_ok, error->message, std::nullopt}, false, commands);
    return;
  }
  answer_list(now, id, std::get<k8s::SliceList>(std::move(decoded)), commands);
}

/// A page that is not the last one asks for the next, within the time of the whole list.
void Session::answer_list(core::Instant now, RequestId id, k8s::SliceList list,
                          Commands& commands) {
  if (!list.next_page.empty() && ++exchanges_.at(id).pages == pages_max) {
    fail(now, id, {Cause::undecodable, status_ok, "the list has no end", std::nullopt}, false,
         commands);
    return;
  }
  Exchange exchange = std::move(exchanges_.at(id));
  exchanges_.erase(id);
  exchange.slices.insert(exchange.slices.end(), std::make_move_iterator(list.slices.begin()),
                         std::make_move_iterator(list.slices.end()));
  if (!list.next_page.empty()) {
    exchange.head.reset();
    exchange.body.clear();
    std::string target = k8s::list_target(exchange.selection, list.next_page);
    start_request(std::move(exchange), std::move(target), commands);
    return;
  }
  if (exchange.use == Use::confirm) {
    give_to_engine(now,
                   core::ViewConfirmed{exchange.reflector, std::move(list.resource_version),
                                       std::move(exchange.slices)},
                   commands);
  } else {
    give_to_engine(now,
                   core::Listed{exchange.reflector, std::move(list.resource_version),
                                std::move(exchange.slices)},
                   commands);
  }
}

void Session::complete_error(core::Instant now, RequestId id, Commands& commands) {
  Exchange& exchange = exchanges_.at(id);
  core::Failure failure =
      k8s::decode_error(exchange.head->status, exchange.head->retry_after, exchange.body);
  // The object that is asked for does not exist: that is knowledge, not a failure.
  const bool absent = failure.cause == Cause::not_found && k8s::names_an_object(exchange.body);
  if (absent && exchange.use == Use::get) {
    const core::ReflectorId reflector = exchange.reflector;
    exchanges_.erase(id);
    give_to_engine(now, core::Listed{reflector, "", {}}, commands);
    return;
  }
  if (exchange.use == Use::service && !absent) failure.cause = Cause::forbidden;
  fail(now, id, std::move(failure), false, commands);
}

}  // namespace waiter::session

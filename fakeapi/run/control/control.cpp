// One row for each method and path. A refusal is a Status, as everywhere on this listener.
#include "fakeapi/run/control/control.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/run/control/answers.hpp"
#include "fakeapi/run/control/live_page.hpp"
#include "fakeapi/scenario/fault/read.hpp"
#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/server/identity.hpp"
#include "fakeapi/wire/fault_entry.hpp"
#include "fakeapi/wire/request_query.hpp"

namespace fakeapi::run {
namespace {

using nlohmann::ordered_json;
using wire::Exchange;

constexpr std::string_view prefix = "/_fakeapi/v1/";

std::string too_old(std::uint64_t version, std::uint64_t oldest) {
  return fmt::format("version: {} is older than {}, the oldest that is known of all kinds", version,
                     oldest);
}

}  // namespace

struct Control::Route {
  std::string_view method;
  std::string_view what;
  bool named;
  Handler handler;
  bool of_play = false;  // it needs a scenario that is played
};

const std::vector<Control::Route>& Control::routes() {
  static const std::vector<Route> table{
      {"GET", "faults", false, &Control::list_faults},
      {"DELETE", "faults", false, &Control::clear_faults},
      {"GET", "faults", true, &Control::get_fault},
      {"PUT", "faults", true, &Control::put_fault},
      {"DELETE", "faults", true, &Control::remove_fault},
      {"GET", "requests", false, &Control::list_requests},
      {"POST", "compact", false, &Control::compact},
      {"POST", "hold", false, &Control::hold},
      {"POST", "release", false, &Control::release},
      {"POST", "rollback", false, &Control::roll_back},
      {"POST", "disconnect", false, &Control::disconnect},
      {"GET", "status", false, &Control::status},
      {"POST", "pause", false, &Control::pause, true},
      {"POST", "resume", false, &Control::resume, true},
      {"POST", "step", false, &Control::step, true},
      {"POST", "seek", false, &Control::seek, true},
      {"POST", "speed", false, &Control::speed, true},
      {"POST", "restart", false, &Control::restart, true},
      {"GET", "events", false, &Control::list_events, true},
      {"POST", "events", false, &Control::add_event, true},
      {"GET", "objects", false, &Control::list_objects, true},
      {"POST", "objects", false, &Control::apply_objects, true},
      {"DELETE", "objects", false, &Control::delete_objects, true},
      {"POST", "steps", false, &Control::perform_step, true},
  };
  return table;
}

Exchange Control::answer(cluster::Instant now, const wire::Caller& caller,
                         const cluster::Request& request) {
  if (asks_for_page(request)) return Exchange(now, live_page());
  if (!parts_.is_administrator(request.headers)) {
    return refused(now, 403, "Forbidden",
                   "the control API is for the administrator: send the token \"admin\" of "
                   "tokens.json in --dir as a bearer token");
  }
  return dispatch({now, caller, request, cluster::parse_uri(request.target), {}});
}

Exchange Control::dispatch(const Call& call) {
  const auto& segments = call.uri.segments;
  std::vector<std::string_view> known;
  for (const Route& route : routes()) known.push_back(route.what);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  if (segments.size() < 3 || segments.size() > 4 || segments[1] != "v1") {
    return refused(call.now, 404, "NotFound",
                   "the page is /_fakeapi/, and the control API /_fakeapi/v1/ followed by one of " +
                       fmt::format("{}", fmt::join(known, ", ")));
  }
  const std::string& what = segments[2];
  const bool named = segments.size() == 4;
  bool path_exists = false;
  for (const Route& route : routes()) {
    if (route.what != what || route.named != named) continue;
    path_exists = true;
    if (route.method != call.request.method) continue;
    const bool asks = route.method == "GET" && what != "status" && what != "faults";
    if (!call.uri.query.empty() && !asks) {
      return bad_request(call.now, fmt::format("{} takes no parameters", call.uri.path));
    }
    if (route.of_play && play_ == nullptr)
      return refused(call.now, 409, "Conflict", "no scenario is played");
    Call complete = call;
    if (named) complete.name = segments[3];
    return (this->*route.handler)(complete);
  }
  if (path_exists) {
    return refused(call.now, 405, "MethodNotAllowed",
                   fmt::format("{} is not possible on {}", call.request.method, call.uri.path));
  }
  return refused(call.now, 404, "NotFound",
                 scenario::unknown_word("path", call.uri.path.substr(prefix.size()), known));
}

ordered_json Control::faults_json() const {
  ordered_json faults = ordered_json::array();
  for (const auto& entry : parts_.front.faults().entries()) faults.push_back(wire::to_json(entry));
  return {{"faults", std::move(faults)}};
}

Exchange Control::no_such_fault(const Call& call) const {
  std::vector<std::string_view> names;
  for (const auto& entry : parts_.front.faults().entries()) names.push_back(entry.fault->name);
  return refused(call.now, 404, "NotFound", scenario::unknown_word("fault", call.name, names));
}

Exchange Control::list_faults(const Call& call) { return answered(call.now, 200, faults_json()); }

Exchange Control::clear_faults(const Call& call) {
  const ordered_json removed = faults_json();
  parts_.front.faults().clear();
  parts_.faults_changed();
  return answered(call.now, 200, removed);
}

Exchange Control::get_fault(const Call& call) {
  const auto* entry = parts_.front.faults().find(call.name);
  return entry == nullptr ? no_such_fault(call) : answered(call.now, 200, wire::to_json(*entry));
}

Exchange Control::put_fault(const Call& call) {
  if (const auto error = too_large(call.request)) return bad_request(call.now, *error);
  auto parsed = fault::parse_fault(call.name, call.request.body);
  if (auto* error = std::get_if<std::string>(&parsed)) return bad_request(call.now, *error);
  auto fault = std::get<fault::Fault>(std::move(parsed));
  if (wire::locks_out(fault)) {
    return bad_request(call.now,
                       "connect: this would keep everybody out for ever, you too: give the window "
                       "an end, or match by nth, connection or fraction");
  }
  if (const auto error = prepare_certificate(fault.action.connect)) {
    return refused(call.now, 500, "InternalError", *error);
  }
  wire::FaultPlan& plan = parts_.front.faults();
  const bool is_new = plan.find(call.name) == nullptr;
  if (!plan.put(std::move(fault))) {
    return bad_request(call.now, fmt::format("there are {} faults already, remove some",
                                             wire::FaultPlan::faults_max));
  }
  parts_.faults_changed();
  return answered(call.now, is_new ? 201 : 200, wire::to_json(*plan.find(call.name)));
}

Exchange Control::remove_fault(const Call& call) {
  const auto* entry = parts_.front.faults().find(call.name);
  if (entry == nullptr) return no_such_fault(call);
  const ordered_json removed = wire::to_json(*entry);
  parts_.front.faults().remove(call.name);
  parts_.faults_changed();
  return answered(call.now, 200, removed);
}

Exchange Control::list_requests(const Call& call) {
  auto query = wire::parse_request_query(call.uri);
  if (auto* error = std::get_if<std::string>(&query)) return bad_request(call.now, *error);
  return wire::answer_query(call.now, parts_.front.log(),
                            std::get<wire::RequestQuery>(std::move(query)));
}

std::variant<std::optional<std::uint64_t>, Exchange> Control::version_of(const Call& call) const {
  const Body body(call.request, version_mapping());
  if (body.error) return bad_request(call.now, *body.error);
  const auto text = body.text("version");
  if (!text) return std::optional<std::uint64_t>();
  const auto version = cluster::parse_decimal(*text);
  if (!version) {
    return bad_request(
        call.now, fmt::format("version: {} is not a resourceVersion", cluster::in_quotes(*text)));
  }
  const std::uint64_t newest = parts_.cluster.version();
  if (*version > newest) {
    return bad_request(call.now, fmt::format("version: {} is newer than {}, the newest there is",
                                             *version, newest));
  }
  return version;
}

Exchange Control::compact(const Call& call) {
  auto read = version_of(call);
  if (auto* refusal = std::get_if<Exchange>(&read)) return std::move(*refusal);
  const std::uint64_t newest = parts_.cluster.version();
  const auto version = std::get<std::optional<std::uint64_t>>(read).value_or(newest);
  parts_.cluster.compact(version);
  return answered(
      call.now, 200,
      {{"compacted", std::to_string(version)}, {"resourceVersion", std::to_string(newest)}});
}

Exchange Control::hold(const Call& call) {
  auto read = version_of(call);
  if (auto* refusal = std::get_if<Exchange>(&read)) return std::move(*refusal);
  const std::uint64_t newest = parts_.cluster.version();
  const auto version = std::get<std::optional<std::uint64_t>>(read).value_or(newest);
  if (version < parts_.cluster.oldest_version())
    return bad_request(call.now, too_old(version, parts_.cluster.oldest_version()));
  parts_.cluster.hold_cache(version);
  return answered(
      call.now, 200,
      {{"cache", std::to_string(version)}, {"resourceVersion", std::to_string(newest)}});
}

Exchange Control::release(const Call& call) {
  parts_.cluster.hold_cache(std::nullopt);
  const std::string newest = std::to_string(parts_.cluster.version());
  return answered(call.now, 200, {{"cache", newest}, {"resourceVersion", newest}});
}

Exchange Control::roll_back(const Call& call) {
  auto read = version_of(call);
  if (auto* refusal = std::get_if<Exchange>(&read)) return std::move(*refusal);
  const auto version = std::get<std::optional<std::uint64_t>>(read);
  if (!version)
    return bad_request(call.now, "version: is needed: the resourceVersion to go back to");
  if (*version < parts_.cluster.oldest_version())
    return bad_request(call.now, too_old(*version, parts_.cluster.oldest_version()));
  const std::uint64_t newest = parts_.cluster.version();
  parts_.cluster.roll_back(call.now, *version);
  return answered(
      call.now, 200,
      {{"from", std::to_string(newest)}, {"resourceVersion", std::to_string(*version)}});
}

Exchange Control::disconnect(const Call& call) {
  const Body body(call.request, disconnect_mapping());
  if (body.error) return bad_request(call.now, *body.error);
  using Cut = server::ApiServer::Cut;
  const std::string user_agent = body.text("user-agent").value_or("");
  const Cut how = body.text("how") == "close" ? Cut::in_order : Cut::reset;
  const std::uint64_t own = call.caller.connection;
  const std::size_t cut = parts_.server.cut_connections(how, [&](const wire::Caller& caller) {
    return caller.connection != own && caller.user_agent.starts_with(user_agent);
  });
  return answered(call.now, 200, {{"disconnected", cut}});
}

// Made when it is first asked for: a certificate costs milliseconds of the start.
std::optional<std::string> Control::prepare_certificate(fault::ConnectFault fault) {
  using fault::ConnectFault;
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  std::variant<server::Identity, server::IdentityError> made;
  switch (fault) {
    case ConnectFault::expired:
      made = server::make_flawed(parts_.identity, server::CertificateFlaw::expired, now);
      break;
    case ConnectFault::wrong_host:
      made = server::make_flawed(parts_.identity, server::CertificateFlaw::wrong_host, now);
      break;
    case ConnectFault::wrong_ca:
      made = server::make_identity(now - 60);
      break;
    default:
      return std::nullopt;
  }
  if (const auto* error = std::get_if<server::IdentityError>(&made)) return error->message;
  return parts_.server.set_flawed_identity(fault, std::get<server::Identity>(made));
}

}  // namespace fakeapi::run

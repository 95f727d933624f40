// One row for each method and path. A refusal is a Status, as everywhere on this listener.
#include "fakeapi/run/control.hpp"

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
#include "fakeapi/server/identity.hpp"
#include "fakeapi/wire/fault_json.hpp"
#include "fakeapi/wire/json_place.hpp"
#include "fakeapi/wire/request_query.hpp"

namespace fakeapi::run {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using wire::Exchange;

constexpr std::string_view prefix = "/_fakeapi/v1/";
// The largest fault has a few hundred bytes.
constexpr std::size_t body_bytes_max = 64U << 10U;

Exchange answered(cluster::Instant now, int status, const ordered_json& value) {
  return Exchange(now, cluster::json_response(
                           status, std::make_shared<const std::string>(value.dump() + "\n")));
}

Exchange refused(cluster::Instant now, int code, const char* reason, std::string message) {
  return Exchange(now, cluster::failure_response({code, reason, std::move(message), {}, {}}));
}

Exchange bad_request(cluster::Instant now, std::string message) {
  return refused(now, 400, "BadRequest", std::move(message));
}

/// The object in a body; an empty body is an empty object.
std::variant<json, std::string> body_of(const cluster::Request& request) {
  if (request.body.empty()) return json::object();
  if (request.body.size() > body_bytes_max) {
    return fmt::format("the body has more than {} bytes", body_bytes_max);
  }
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return std::string("the body is no JSON");
  return body;
}

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
  };
  return table;
}

Exchange Control::answer(cluster::Instant now, const wire::Caller& caller,
                         const cluster::Request& request) {
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
                   "the control API is /_fakeapi/v1/ followed by one of " +
                       fmt::format("{}", fmt::join(known, ", ")));
  }
  const std::string& what = segments[2];
  const bool named = segments.size() == 4;
  bool path_exists = false;
  for (const Route& route : routes()) {
    if (route.what != what || route.named != named) continue;
    path_exists = true;
    if (route.method != call.request.method) continue;
    if (!call.uri.query.empty() && route.handler != &Control::list_requests) {
      return bad_request(call.now, fmt::format("{} takes no parameters", call.uri.path));
    }
    Call complete = call;
    if (named) complete.name = segments[3];
    return (this->*route.handler)(complete);
  }
  if (path_exists) {
    return refused(call.now, 405, "MethodNotAllowed",
                   fmt::format("{} is not possible on {}", call.request.method, call.uri.path));
  }
  return refused(call.now, 404, "NotFound",
                 wire::unknown_word("path", call.uri.path.substr(prefix.size()), known));
}

ordered_json Control::faults_json() const {
  ordered_json faults = ordered_json::array();
  for (const auto& entry : parts_.front.faults().entries()) faults.push_back(wire::to_json(entry));
  return {{"faults", std::move(faults)}};
}

Exchange Control::no_such_fault(const Call& call) const {
  std::vector<std::string_view> names;
  for (const auto& entry : parts_.front.faults().entries()) names.push_back(entry.fault->name);
  return refused(call.now, 404, "NotFound", wire::unknown_word("fault", call.name, names));
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
  const auto body = body_of(call.request);
  if (const auto* error = std::get_if<std::string>(&body)) return bad_request(call.now, *error);
  auto parsed = wire::parse_fault(call.name, std::get<json>(body));
  if (auto* error = std::get_if<std::string>(&parsed)) return bad_request(call.now, *error);
  auto fault = std::get<wire::Fault>(std::move(parsed));
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
  const auto body = body_of(call.request);
  if (const auto* text = std::get_if<std::string>(&body)) return bad_request(call.now, *text);
  std::string error;
  const wire::JsonPlace place(std::get<json>(body), "", error);
  place.expect({"version"});
  const auto version = place.parsed("version", cluster::parse_decimal, "a resourceVersion");
  const std::uint64_t newest = parts_.cluster.version();
  if (version && *version > newest) {
    place.fail("version",
               fmt::format("{} is newer than {}, the newest there is", *version, newest));
  }
  if (!error.empty()) return bad_request(call.now, error);
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
  const auto body = body_of(call.request);
  if (const auto* text = std::get_if<std::string>(&body)) return bad_request(call.now, *text);
  std::string error;
  const wire::JsonPlace place(std::get<json>(body), "", error);
  place.expect({"user-agent", "how"});
  const std::string user_agent = place.text("user-agent");
  using Cut = server::ApiServer::Cut;
  static const wire::Words<Cut> ways{
      {"reset", Cut::reset, wire::Faithfulness::network, ""},
      {"close", Cut::in_order, wire::Faithfulness::real, ""},
  };
  const Cut how = place.word("how", ways).value_or(Cut::reset);
  if (!error.empty()) return bad_request(call.now, error);
  const std::uint64_t own = call.caller.connection;
  const std::size_t cut = parts_.server.cut_connections(how, [&](const wire::Caller& caller) {
    return caller.connection != own && caller.user_agent.starts_with(user_agent);
  });
  return answered(call.now, 200, {{"disconnected", cut}});
}

Exchange Control::status(const Call& call) {
  return answered(call.now, 200,
                  {{"fakeapi", WFE_VERSION},
                   {"clock", std::chrono::duration<double>(call.now.time_since_epoch()).count()},
                   {"resourceVersion", std::to_string(parts_.cluster.version())},
                   {"cache", std::to_string(parts_.cluster.cached_version())},
                   {"connections", parts_.server.connection_count()},
                   {"streams", parts_.front.log().open_streams()},
                   {"requests", parts_.front.log().count()},
                   {"faults", parts_.front.faults().entries().size()}});
}

// Made when it is first asked for: a certificate costs milliseconds of the start.
std::optional<std::string> Control::prepare_certificate(wire::ConnectFault fault) {
  using wire::ConnectFault;
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

// The control API (docs/control-api.md): what a test tells the fake cluster while its program runs,
// and what it asks it. It lives below a path of its own on the same listener, is for administrators
// only, meets no fault and is in no log.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/run/event_log.hpp"
#include "fakeapi/run/play.hpp"
#include "fakeapi/server/api_server.hpp"
#include "fakeapi/wire/api_front.hpp"

namespace fakeapi::run {

class Control {
 public:
  struct Parts {  // all of them outlive the control
    wire::ApiFront& front;
    cluster::Cluster& cluster;
    server::ApiServer& server;
    const server::Identity& identity;
    std::function<bool(const cluster::Headers&)> is_administrator;
    std::function<void()> faults_changed;
  };
  explicit Control(Parts parts) : parts_(std::move(parts)) {}
  /// The scenario that is played; before, there is no clock to ask for. `rearm` is called whenever
  /// something may be due at another time than before.
  void attach(Play& play, EventLog& log, std::function<void()> rearm);

  /// Whether the request is for this, and not for the cluster.
  static bool owns(std::string_view target) { return target.starts_with("/_fakeapi/"); }
  /// A certificate with this flaw is there when a connection is to be shown it.
  std::optional<std::string> prepare_certificate(fault::ConnectFault fault);
  wire::Exchange answer(cluster::Instant now, const wire::Caller& caller,
                        const cluster::Request& request);

 private:
  struct Call {
    cluster::Instant now;
    const wire::Caller& caller;
    const cluster::Request& request;
    cluster::Uri uri;
    std::string name;  // of a fault
  };
  using Handler = wire::Exchange (Control::*)(const Call&);
  struct Route;
  static const std::vector<Route>& routes();

  wire::Exchange dispatch(const Call& call);
  wire::Exchange list_faults(const Call& call);
  wire::Exchange clear_faults(const Call& call);
  wire::Exchange get_fault(const Call& call);
  wire::Exchange put_fault(const Call& call);
  wire::Exchange remove_fault(const Call& call);
  wire::Exchange list_requests(const Call& call);
  wire::Exchange compact(const Call& call);
  wire::Exchange hold(const Call& call);
  wire::Exchange release(const Call& call);
  wire::Exchange roll_back(const Call& call);
  wire::Exchange disconnect(const Call& call);
  wire::Exchange status(const Call& call);
  wire::Exchange pause(const Call& call);
  wire::Exchange resume(const Call& call);
  wire::Exchange step(const Call& call);
  wire::Exchange seek(const Call& call);
  wire::Exchange speed(const Call& call);
  wire::Exchange restart(const Call& call);
  wire::Exchange list_events(const Call& call);
  wire::Exchange add_event(const Call& call);
  wire::Exchange list_objects(const Call& call);
  wire::Exchange apply_objects(const Call& call);
  wire::Exchange delete_objects(const Call& call);
  wire::Exchange perform_step(const Call& call);

  /// The `version` in a body that may hold nothing else, not beyond the newest; or a refusal.
  std::variant<std::optional<std::uint64_t>, wire::Exchange> version_of(const Call& call) const;
  /// Where the clock is now; the answer of all that change it.
  wire::Exchange clock_answer(const Call& call);
  wire::Exchange moved_answer(const Call& call);
  nlohmann::ordered_json clock_json(cluster::Instant now) const;
  wire::Exchange performed(const Call& call);
  /// The body as the value of a step's key.
  wire::Exchange perform_key(const Call& call, std::string_view key);
  nlohmann::ordered_json faults_json() const;
  wire::Exchange no_such_fault(const Call& call) const;

  Parts parts_;
  Play* play_ = nullptr;
  EventLog* log_ = nullptr;
  std::function<void()> rearm_;
};

}  // namespace fakeapi::run

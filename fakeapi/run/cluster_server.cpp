#include "fakeapi/run/cluster_server.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/run/access_files.hpp"
#include "fakeapi/run/control/control.hpp"
#include "fakeapi/run/control/live_page.hpp"
#include "fakeapi/run/server_parts.hpp"
#include "fakeapi/server/identity.hpp"
#include "fakeapi/wire/api_front.hpp"

namespace fakeapi::run {
namespace {

namespace asio = boost::asio;
using cluster::Instant;
using std::chrono::steady_clock;

}  // namespace

class ClusterServer::Serving : public Surroundings {
 public:
  Serving(asio::io_context& loop, scenario::Scenario scenario, const ServerOptions& options)
      : files_(make_files(scenario, options)),
        options_(options),
        seed_(options.seed.value_or(scenario.seed)),
        identity_(make_identity(options)),
        cluster_(cluster_options(files_, options, scenario, seed_)),
        front_(cluster_, seed_,
               [this](const cluster::Headers& headers) {
                 const auto user = cluster_.identify(now(), headers);
                 return user ? user->name : std::string("system:anonymous");
               }),
        server_(
            loop, identity_, [this] { return now(); },
            [this](Instant at, const wire::Caller& caller, cluster::Request request) {
              return answer(at, caller, request);
            }),
        control_({front_, cluster_, server_, identity_,
                  [this](const cluster::Headers& headers) {
                    const auto user = cluster_.identify(now(), headers);
                    return user && user->is_in(cluster::masters_group);
                  },
                  [this] {
                    advance(now());
                    set_timer();
                  }}),
        listeners_(loop),
        timer_(loop) {
    if (const auto error = options.events.empty() ? std::nullopt : log_.open(options.events))
      throw Failure{ExitCode::usage, *error};
    if (options.watch_history > 0) cluster_.set_history_limit(options.watch_history);
    files_.ca_pem = identity_.ca_pem;
    server_.on_connect = [this](Instant at, std::uint64_t connection) {
      return front_.meet(at, connection);
    };
    prepare_certificates(scenario);
    play_.emplace(only_faithful(std::move(scenario), options.only),
                  Play::Options{seed_, options.speed, options.pods, options.keeps_record},
                  Play::Parts{cluster_, front_.faults(), listeners_, *this, log_});
    control_.attach(*play_, log_, [this] { set_timer(); });
    front_.set_scenario_time([this](Instant at) { return play_->clock().at(at); });
    front_.set_observer({[this] { return play_->wants_requests(); },
                         [this](const scenario::RequestSeen& seen) { play_->request_came(seen); },
                         [this](std::uint64_t number, bool by_server) {
                           play_->stream_ended(now(), number, by_server);
                         },
                         [this](const fault::Fault& fault, std::uint64_t connection) {
                           play_->connection_met(now(), fault, connection);
                         }});
  }

  void begin() {
    const auto bound = server_.listen(options_.address, static_cast<std::uint16_t>(options_.port));
    if (const auto* error = std::get_if<server::ListenError>(&bound))
      throw Failure{ExitCode::usage, error->message};
    files_.url = !options_.advertise.empty()
                     ? options_.advertise
                     : url_of(options_.address, std::get<std::uint16_t>(bound));
    started_ = steady_clock::now() - settled;
    for (Instant at{}; at <= Instant{} + settled; at += std::chrono::milliseconds(1)) {
      advance(at);
      if (failure_) throw *failure_;
    }
    play_->begin();
    auto folder = write_access_files(options_.folder, files_);
    if (const auto* error = std::get_if<std::string>(&folder))
      throw Failure{ExitCode::usage, *error};
    folder_ = std::get<server::UniqueFd>(std::move(folder));
    set_timer();
  }

  std::optional<std::string> stop(const std::string& why) {
    if (stopped_) return std::nullopt;
    stopped_ = true;
    timer_.cancel();
    server_.stop();
    front_.set_observer({});
    log_.write(Instant(play_->clock().at(now())), "", "end", why);
    if (log_.whole()) return std::nullopt;
    return "the event log could not be written: " + options_.events;
  }

  std::optional<std::string> set_api_up(bool up) override {
    up_ = up;
    const auto error = server_.set_up(up, asker_);
    if (!error) return std::nullopt;
    return "the API server cannot come back: " + error->message;
  }

  std::optional<std::string> set_token(Instant at, const scenario::SetToken& token) override {
    if (!token.renewed) {
      cluster_.expire_tokens(at, account_name(files_));
      return std::nullopt;
    }
    files_.serviceaccount_token = random_token();
    cluster_.renew_token(at, account_name(files_), files_.serviceaccount_token,
                         at + token.old_valid_for);
    return update_access_files(options_.folder, files_);
  }

  std::optional<std::string> set_authority(const scenario::SetAuthority& authority) override {
    if (!next_identity_) next_identity_ = make_identity(options_);
    if (authority.announced_only) {
      files_.ca_pem = identity_.ca_pem + next_identity_->ca_pem;
      return update_access_files(options_.folder, files_);
    }
    identity_ = *std::exchange(next_identity_, std::nullopt);
    files_.ca_pem = identity_.ca_pem;
    if (auto error = server_.set_identity(identity_)) return error;
    return update_access_files(options_.folder, files_);
  }

  wire::Exchange control(std::string method, const std::string& what, std::string body) {
    const cluster::Request request{std::move(method),
                                   "/_fakeapi/v1/" + what,
                                   {{"Authorization", "Bearer " + files_.admin_token}},
                                   std::move(body)};
    wire::Exchange exchange = control_.answer(now(), {}, request);
    set_timer();
    return exchange;
  }

  void set_rights(Instant at, cluster::User::Rights rights) override {
    cluster_.set_rights(at, account_name(files_), rights);
  }

  void end_connections() override {
    server_.cut_connections(server::ApiServer::Cut::in_order, [this](const wire::Caller& caller) {
      return caller.connection != asker_;
    });
  }

  Instant at(steady_clock::time_point time) const { return Instant{} + (time - started_); }
  Instant now() const { return at(steady_clock::now()); }

  /// Whoever has changed the clock or a fault lets the timer know.
  void set_timer() {
    auto deadline = cluster_.next_deadline();
    const auto next = play_->next_deadline(now());
    if (next && (!deadline || *next < *deadline)) deadline = next;
    if (stopped_ || deadline == armed_for_) return;
    armed_for_ = deadline;
    timer_.cancel();
    if (!deadline) return;
    timer_.expires_at(started_ + deadline->time_since_epoch());
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      armed_for_.reset();
      advance(now());
      set_timer();
    });
  }

  std::function<void(const Failure&)> failed;               // NOLINT: who is told
  std::optional<Play> play_;                                // NOLINT
  EventLog log_;                                            // NOLINT
  AccessFiles files_;                                       // NOLINT
  steady_clock::time_point started_ = steady_clock::now();  // NOLINT

 private:
  // A certificate costs milliseconds, so they are made before the clock runs.
  void prepare_certificates(const scenario::Scenario& scenario) {
    for (const fault::Fault& fault : scenario.faults) {
      if (const auto error = control_.prepare_certificate(fault.action.connect))
        throw Failure{ExitCode::internal, *error};
    }
    const bool rotates = std::any_of(scenario.steps.begin(), scenario.steps.end(),
                                     [](const auto& step) { return step.authority.has_value(); });
    if (rotates) next_identity_ = make_identity(options_);
  }

  wire::Exchange answer(Instant at, const wire::Caller& caller, const cluster::Request& request) {
    // A request may come when an edge of a window has passed and its timer has not fired yet.
    if (!front_.faults().empty()) follow_faults(at);
    wire::Exchange exchange = answer_or_500(at, caller, request);
    set_timer();
    return exchange;
  }

  // A bug in one answer costs that answer and nothing else, as in the original, which recovers from
  // panics (apiserver server/filters/wrap.go).
  wire::Exchange answer_or_500(Instant at, const wire::Caller& caller,
                               const cluster::Request& request) {
    try {
      if (!Control::owns(request.target)) return front_.answer(at, caller, request);
      asker_ = caller.connection;
      wire::Exchange exchange = control_.answer(at, caller, request);
      asker_ = 0;
      if (!up_ && !exchange.is_pending()) exchange.end_connection();
      return exchange;
    } catch (const std::exception& error) {
      asker_ = 0;
      std::fprintf(stderr, "fakeapi: internal error in %s %s: %s\n", request.method.c_str(),
                   request.target.c_str(), error.what());
      return wire::Exchange(
          at, cluster::text_response(500,
                                     "This request caused fakeapi to fail. Look in its "
                                     "standard error for details.\n"));
    }
  }

  void fail(const std::string& message) {
    if (failure_) return;
    failure_ = Failure{ExitCode::internal, message};
    if (failed) failed(*failure_);
  }

  // A listener that is to be closed for a while belongs to no request: the clock opens it again.
  void follow_faults(Instant at) {
    const Instant window_time(play_->clock().at(at));
    if (const auto error = server_.set_refusing(front_.faults().refuses(window_time)))
      fail("the API server cannot come back: " + error->message);
  }

  void advance(Instant at) {
    if (const auto error = play_->advance(at)) fail(*error);
    follow_faults(at);
    cluster_.advance(at);
  }

  const ServerOptions options_;
  std::uint64_t seed_;
  server::UniqueFd folder_;  // the lock on the folder
  server::Identity identity_;
  std::optional<server::Identity> next_identity_;
  cluster::Cluster cluster_;
  wire::ApiFront front_;
  server::ApiServer server_;
  Control control_;
  server::PodListeners listeners_;
  asio::steady_timer timer_;
  std::optional<Instant> armed_for_;
  std::optional<Failure> failure_;
  // Whoever asks the control API for something that ends all connections still gets the answer.
  std::uint64_t asker_ = 0;
  bool up_ = true;
  bool stopped_ = false;
};

ClusterServer::ClusterServer(std::unique_ptr<Serving> serving) : serving_(std::move(serving)) {}
ClusterServer::~ClusterServer() { stop("the server was stopped"); }

std::variant<std::unique_ptr<ClusterServer>, Failure> ClusterServer::start(
    asio::io_context& loop, scenario::Scenario scenario, const ServerOptions& options) {
  try {
    check_pod_network(options.pods, scenario);
    auto serving = std::make_unique<Serving>(loop, std::move(scenario), options);
    serving->begin();
    return std::unique_ptr<ClusterServer>(new ClusterServer(std::move(serving)));
  } catch (const Failure& failure) {
    return failure;
  }
}

const std::string& ClusterServer::url() const { return serving_->files_.url; }
std::string ClusterServer::page() const {
  return url() + std::string(live_page_path) + "#token=" + serving_->files_.admin_token;
}
const std::string& ClusterServer::namespace_name() const { return serving_->files_.namespace_name; }
steady_clock::time_point ClusterServer::started() const { return serving_->started_; }
Instant ClusterServer::now() const { return serving_->now(); }
Instant ClusterServer::at(steady_clock::time_point time) const { return serving_->at(time); }
Play& ClusterServer::play() { return *serving_->play_; }
EventLog& ClusterServer::log() { return serving_->log_; }
wire::Exchange ClusterServer::control(std::string method, const std::string& what,
                                      std::string body) {
  return serving_->control(std::move(method), what, std::move(body));
}
void ClusterServer::on_failure(std::function<void(const Failure&)> told) {
  serving_->failed = std::move(told);
}
std::optional<std::string> ClusterServer::stop(const std::string& why) {
  return serving_->stop(why);
}

bool anything_listens(const scenario::Scenario& scenario) {
  if (!scenario.services.empty()) {
    return std::any_of(scenario.services.begin(), scenario.services.end(),
                       [](const scenario::Service& service) { return service.pods_max > 0; });
  }
  return !scenario.other_services.empty();
}

}  // namespace fakeapi::run

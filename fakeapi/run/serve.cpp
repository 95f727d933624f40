#include "fakeapi/run/serve.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <exception>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/run/access_files.hpp"
#include "fakeapi/run/control.hpp"
#include "fakeapi/run/event_log.hpp"
#include "fakeapi/run/files.hpp"
#include "fakeapi/run/replay.hpp"
#include "fakeapi/run/sandbox.hpp"
#include "fakeapi/scenario/load.hpp"
#include "fakeapi/scenario/trace.hpp"
#include "fakeapi/server/identity.hpp"
#include "fakeapi/wire/api_front.hpp"

namespace fakeapi::run {
namespace {

namespace asio = boost::asio;
using cluster::Instant;
using std::chrono::steady_clock;

// The cluster is so old when the scenario's zero is told to anybody: the controllers have written
// what the first steps ask for, and no client can see a half-made world.
constexpr auto settled = std::chrono::milliseconds(50);

/// An end that was not asked for.
struct Stop {
  ExitCode code;
  std::string message;
};

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Stop{ExitCode::internal, "the system gives no random bytes"};
  }
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

scenario::Timeline load(const std::string& path) {
  if (path.empty()) return {};
  const auto read = read_file(path);
  if (const auto* error = std::get_if<FileError>(&read))
    throw Stop{ExitCode::usage, error->message};
  const std::string& text = std::get<std::string>(read);
  const bool recorded = path.size() > 5 && path.compare(path.size() - 5, 5, ".json") == 0;
  auto loaded = recorded ? scenario::load_trace(text, path) : scenario::load_scenario(text, path);
  if (auto* timeline = std::get_if<scenario::Timeline>(&loaded)) return std::move(*timeline);
  std::string message;
  for (const scenario::Problem& problem : std::get<std::vector<scenario::Problem>>(loaded)) {
    message += (message.empty() ? "" : "\nfakeapi: ") + scenario::to_string(problem);
  }
  throw Stop{ExitCode::usage, message};
}

bool anything_listens(const scenario::Timeline& timeline) {
  for (const scenario::Step& step : timeline.steps) {
    for (const scenario::Action& action : step.actions) {
      const auto* listen = std::get_if<scenario::Listen>(&action);
      if (listen != nullptr && listen->listening) return true;
    }
  }
  return false;
}

void prepare_pod_network(PodNetwork pods, scenario::Timeline& timeline) {
  if (pods == PodNetwork::loopback) move_to_loopback(timeline);
  if (pods != PodNetwork::real || !anything_listens(timeline) || pod_network_is_here()) return;
  throw Stop{
      ExitCode::usage,
      fmt::format("the scenario's Pods listen at addresses of {}, which this machine does not "
                  "have: run this and its clients inside `fakeapi sandbox -- COMMAND`, or use "
                  "--pods=loopback (127.20.x.y addresses) or --pods=none (nothing listens)",
                  pod_network)};
}

/// The fake cluster, its server and its scenario on one event loop.
class Serving {
 public:
  Serving(const ServeOptions& options, scenario::Timeline timeline)
      : options_(options),
        files_(make_files(timeline)),
        identity_(make_server_identity()),
        cluster_options_(cluster_options(files_, options, timeline.nodes)),
        cluster_(cluster_options_),
        front_(cluster_, cluster_options_.seed,
               [this](const cluster::Headers& headers) {
                 const auto user = cluster_.identify(now(), headers);
                 return user ? user->name : std::string("system:anonymous");
               }),
        server_(
            loop_, identity_, [this] { return now(); },
            [this](Instant at, const wire::Caller& caller, cluster::Request request) {
              return answer(at, caller, request);
            }),
        control_({front_, cluster_, server_, identity_,
                  [this](const cluster::Headers& headers) {
                    const auto user = cluster_.identify(now(), headers);
                    return user && user->is_in(cluster::masters_group);
                  },
                  [this] { follow_faults(now()); }}),
        listeners_(loop_),
        signals_(loop_, SIGTERM, SIGINT),
        timer_(loop_) {
    if (const auto error = options.events.empty() ? std::nullopt : log_.open(options.events))
      throw Stop{ExitCode::usage, *error};
    if (options.watch_history > 0) cluster_.set_history_limit(options.watch_history);
    server_.on_connect = [this](Instant at, std::uint64_t connection) {
      return front_.meet(at, connection);
    };
    replay_.emplace(std::move(timeline), options.pods, cluster_, server_, listeners_, log_);
  }

  void run() {
    listen();
    started_ = steady_clock::now() - settled;
    for (Instant at{}; at <= Instant{} + settled; at += std::chrono::milliseconds(1)) advance(at);
    replay_->begin();
    auto folder = write_access_files(options_.folder, files_);
    if (const auto* error = std::get_if<std::string>(&folder)) throw Stop{ExitCode::usage, *error};
    folder_ = std::get<server::UniqueFd>(std::move(folder));
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
      if (!failed) stop();
    });
    tell_ready();
    set_timer();
    loop_.run();
    log_.write(now(), "", "end", "the server was stopped");
    if (!failure_ && !log_.whole())
      failure_ = Stop{ExitCode::internal, "the event log could not be written: " + options_.events};
    if (failure_) throw *failure_;
  }

 private:
  static AccessFiles make_files(const scenario::Timeline& timeline) {
    AccessFiles files;
    files.namespace_name =
        timeline.services.empty() ? "default" : timeline.services.front().namespace_name;
    files.admin_token = random_token();
    files.nobody_token = random_token();
    files.serviceaccount_token = random_token();
    return files;
  }

  server::Identity make_server_identity() {
    auto made = server::make_identity(static_cast<std::int64_t>(std::time(nullptr)) - 60);
    if (const auto* error = std::get_if<server::IdentityError>(&made)) {
      throw Stop{ExitCode::internal, "cannot make a certificate: " + error->message};
    }
    files_.ca_pem = std::get<server::Identity>(made).ca_pem;
    return std::get<server::Identity>(std::move(made));
  }

  static cluster::Options cluster_options(const AccessFiles& files, const ServeOptions& options,
                                          const std::vector<std::string>& nodes) {
    using Rights = cluster::User::Rights;
    const std::string account = "system:serviceaccount:" + files.namespace_name;
    cluster::Options made;
    made.wall_time =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now() - settled);
    made.users = {
        {files.admin_token, "admin", {"system:masters"}, Rights::everything},
        {files.nobody_token, "nobody", {}, Rights::nothing},
        {files.serviceaccount_token,
         account + ":default",
         {"system:serviceaccounts", "system:serviceaccounts:" + files.namespace_name},
         Rights::read_endpoints},
    };
    made.nodes = nodes;
    made.watch_list = options.watch_list;
    made.allow_loopback_addresses = options.pods == PodNetwork::loopback;
    return made;
  }

  Instant now() const { return Instant{} + (steady_clock::now() - started_); }

  void listen() {
    const auto bound = server_.listen(options_.address, static_cast<std::uint16_t>(options_.port));
    if (const auto* error = std::get_if<server::ListenError>(&bound))
      throw Stop{ExitCode::usage, error->message};
    const bool v6 = options_.address.find(':') != std::string::npos;
    files_.url = fmt::format("https://{}{}{}:{}", v6 ? "[" : "", options_.address, v6 ? "]" : "",
                             std::get<std::uint16_t>(bound));
  }

  void tell_ready() const {
    const double started = std::chrono::duration<double>(started_.time_since_epoch()).count();
    std::printf("%s\n", nlohmann::ordered_json{{"url", files_.url},
                                               {"dir", options_.folder},
                                               {"namespace", files_.namespace_name},
                                               {"started", started}}
                            .dump()
                            .c_str());
    if (std::fflush(stdout) != 0)
      throw Stop{ExitCode::internal, "standard output cannot be written"};
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
      return Control::owns(request.target) ? control_.answer(at, caller, request)
                                           : front_.answer(at, caller, request);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "fakeapi: internal error in %s %s: %s\n", request.method.c_str(),
                   request.target.c_str(), error.what());
      return wire::Exchange(
          at, cluster::text_response(500,
                                     "This request caused fakeapi to fail. Look in its "
                                     "standard error for details.\n"));
    }
  }

  void fail(const std::string& message) {
    failure_ = Stop{ExitCode::internal, message};
    stop();
  }

  // A listener that is to be closed for a while belongs to no request: the clock opens it again.
  void follow_faults(Instant at) {
    if (const auto error = server_.set_refusing(front_.faults().refuses(at)))
      fail("the API server cannot come back: " + error->message);
  }

  void advance(Instant at) {
    if (const auto error = replay_->advance(at)) fail(*error);
    follow_faults(at);
    cluster_.advance(at);
  }

  void set_timer() {
    auto deadline = cluster_.next_deadline();
    std::optional<Instant> edge;
    if (!front_.faults().empty()) edge = front_.faults().next_change(now());
    for (const auto& other : {replay_->next_deadline(), edge}) {
      if (other && (!deadline || *other < *deadline)) deadline = other;
    }
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

  void stop() {
    stopped_ = true;
    timer_.cancel();
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    server_.stop();
    loop_.stop();
  }

  const ServeOptions& options_;
  asio::io_context loop_{1};
  AccessFiles files_;
  server::UniqueFd folder_;  // the lock on --dir
  server::Identity identity_;
  EventLog log_;
  cluster::Options cluster_options_;
  cluster::Cluster cluster_;
  wire::ApiFront front_;
  server::ApiServer server_;
  Control control_;
  server::PodListeners listeners_;
  std::optional<Replay> replay_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  steady_clock::time_point started_ = steady_clock::now();
  std::optional<Instant> armed_for_;
  std::optional<Stop> failure_;
  bool stopped_ = false;
};

}  // namespace

ExitCode serve(const ServeOptions& options) {
  try {
    scenario::Timeline timeline = load(options.scenario);
    prepare_pod_network(options.pods, timeline);
    Serving(options, std::move(timeline)).run();
    return ExitCode::ok;
  } catch (const Stop& stop) {
    std::fprintf(stderr, "fakeapi: %s\n", stop.message.c_str());
    return stop.code;
  }
}

}  // namespace fakeapi::run

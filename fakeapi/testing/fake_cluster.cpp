#include "fakeapi/testing/fake_cluster.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/run/cluster_server.hpp"
#include "fakeapi/run/files.hpp"
#include "fakeapi/run/load_file.hpp"
#include "fakeapi/run/trial/work_folder.hpp"
#include "fakeapi/scenario/expect/judge.hpp"
#include "fakeapi/scenario/load.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace fakeapi::testing {
namespace {

namespace asio = boost::asio;

constexpr int first_error_status = 400;

[[noreturn]] void fail(const std::string& message) { throw std::runtime_error(message); }

scenario::Scenario scenario_of_text(const std::string& text) {
  if (text.empty()) return {};
  auto loaded = scenario::load_scenario(text, "scenario", scenario::no_files);
  if (auto* scenario = std::get_if<scenario::Scenario>(&loaded)) return std::move(*scenario);
  fail(scenario::to_string(std::get<std::vector<scenario::Problem>>(loaded).front()));
}

scenario::Scenario scenario_of_file(const std::string& path) {
  auto loaded = run::load_file(path);
  if (auto* scenario = std::get_if<scenario::Scenario>(&loaded)) return std::move(*scenario);
  fail(std::get<std::vector<std::string>>(loaded).front());
}

std::string read(const std::string& path) {
  auto text = run::read_file(path);
  if (const auto* error = std::get_if<run::FileError>(&text)) fail(error->message);
  return std::get<std::string>(text);
}

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string query_of(const Which& which) {
  std::string query;
  const auto add = [&query](const char* key, const std::string& value) {
    if (!value.empty())
      query += fmt::format("{}{}={}", query.empty() ? "?" : "&", key, percent_encoded(value));
  };
  add("verb", which.verb);
  add("resource", which.resource);
  add("user-agent", which.user_agent);
  add("open", !which.open ? "" : *which.open ? "true" : "false");
  return query;
}

std::vector<Request> requests_of(const std::string& answer) {
  std::vector<Request> requests;
  const auto parsed = nlohmann::json::parse(answer);
  for (const auto& one : parsed.at("requests")) {
    Request request;
    request.verb = one.value("verb", "");
    request.resource = one.value("resource", "");
    request.target = one.value("target", "");
    request.user_agent = one.value("user-agent", "");
    request.status = one.value("status", 0);
    request.fault = one.value("fault", "");
    request.open = one.value("open", false);
    requests.push_back(std::move(request));
  }
  return requests;
}

/// An answer of the control API that may take its time.
class Asked : public std::enable_shared_from_this<Asked> {
 public:
  struct Answer {
    int status;
    std::string body;
  };
  Asked(asio::io_context& loop, run::ClusterServer& server, wire::Exchange exchange)
      : server_(server), exchange_(std::move(exchange)), timer_(loop) {}

  std::future<Answer> answer() { return answer_.get_future(); }

  void wait() {
    if (exchange_.head_is_due(server_.now())) return tell();
    if (!told_of_) {
      told_of_ = true;
      // Only notes that: the timer's handler is called by the loop.
      exchange_.on_ready([self = weak_from_this()] {
        if (const auto asked = self.lock()) asked->timer_.cancel();
      });
    }
    timer_.expires_after(std::max<cluster::Duration>(exchange_.head_due() - server_.now(), {}));
    timer_.async_wait(
        [self = shared_from_this()](const boost::system::error_code&) { self->wait(); });
  }

 private:
  void tell() {
    const auto& body = exchange_.body();
    answer_.set_value({exchange_.head().status, body ? *body : std::string()});
  }

  run::ClusterServer& server_;
  wire::Exchange exchange_;
  asio::steady_timer timer_;
  std::promise<Answer> answer_;
  bool told_of_ = false;
};

}  // namespace

class FakeCluster::Running {
 public:
  Running(scenario::Scenario scenario, const Options& options)
      : expect_(scenario.expect), work_(asio::make_work_guard(loop_)) {
    if (folder_.error()) fail(*folder_.error());
    run::ServerOptions server;
    server.folder = folder();
    server.pods = run::PodNetwork::loopback;
    server.seed = options.seed;
    server.speed = options.speed;
    server.keeps_record = true;
    auto started = run::ClusterServer::start(loop_, std::move(scenario), server);
    if (const auto* failure = std::get_if<run::Failure>(&started)) fail(failure->message);
    server_ = std::get<std::unique_ptr<run::ClusterServer>>(std::move(started));
    server_->on_failure([this](const run::Failure& failure) { failure_ = failure.message; });
    thread_ = std::thread([this] { loop_.run(); });
  }

  ~Running() {
    // What is still asked gets no answer any more, which is an exception for who asks.
    loop_.stop();
    thread_.join();
    server_.reset();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::string folder() const { return folder_.path() + "/cluster"; }
  const std::string& url() const { return server_->url(); }

  /// What a function of the loop's thread returns.
  template <class F>
  auto in_loop(F function) {
    std::packaged_task<decltype(function(*server_))()> task(
        [this, function] { return function(*server_); });
    auto result = task.get_future();
    asio::post(loop_, [&task] { task(); });
    return result.get();
  }

  std::string ask(const std::string& method, const std::string& what, const std::string& body) {
    auto answer = in_loop([&](run::ClusterServer& server) {
      const auto asked = std::make_shared<Asked>(loop_, server, server.control(method, what, body));
      auto future = asked->answer();
      asked->wait();
      return std::make_shared<std::future<Asked::Answer>>(std::move(future));
    });
    const auto [status, text] = answer->get();
    if (const auto failure = in_loop([this](run::ClusterServer&) { return failure_; }))
      fail(*failure);
    if (status < first_error_status) return text;
    const auto refusal = nlohmann::json::parse(text, nullptr, false);
    fail(fmt::format("{} {}: {}", method, what,
                     refusal.is_object() ? refusal.value("message", text) : text));
  }

  void ended(int code) {
    in_loop([code](run::ClusterServer& server) {
      scenario::Record& record = server.play().record();
      if (!record.ended) record.ended = {code, 0, server.play().clock().at(server.now())};
      return 0;
    });
  }

  std::vector<scenario::Finding> judged() {
    return in_loop([this](run::ClusterServer& server) {
      scenario::Record& record = server.play().record();
      record.end = server.play().clock().at(server.now());
      return scenario::judge(expect_, record);
    });
  }

 private:
  const scenario::Expectations expect_;
  run::WorkFolder folder_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::unique_ptr<run::ClusterServer> server_;
  std::optional<std::string> failure_;
  std::thread thread_;
};

bool Verdict::met() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& one) { return one.met; });
}

std::string Verdict::text() const {
  std::string text;
  for (const Finding& finding : findings) {
    if (!finding.met) text += fmt::format("NOT MET  {}: {}\n", finding.expectation, finding.reason);
  }
  return text;
}

FakeCluster::FakeCluster(const std::string& scenario, const Options& options)
    : running_(std::make_unique<Running>(scenario_of_text(scenario), options)) {}
FakeCluster::FakeCluster(const File& scenario, const Options& options)
    : running_(std::make_unique<Running>(scenario_of_file(scenario.path), options)) {}
FakeCluster::~FakeCluster() = default;

std::string FakeCluster::url() const { return running_->url(); }
std::string FakeCluster::kubeconfig() const { return running_->folder() + "/kubeconfig"; }
std::string FakeCluster::ca_file() const { return running_->folder() + "/ca.crt"; }
std::string FakeCluster::service_account() const { return running_->folder() + "/serviceaccount"; }
std::string FakeCluster::token() const { return read(service_account() + "/token"); }

std::string FakeCluster::administrator_token() const {
  return nlohmann::json::parse(read(running_->folder() + "/tokens.json")).at("admin");
}

void FakeCluster::put_fault(const std::string& name, const std::string& fault) {
  running_->ask("PUT", "faults/" + name, fault);
}

void FakeCluster::remove_fault(const std::string& name) {
  running_->ask("DELETE", "faults/" + name, "");
}

void FakeCluster::perform(const std::string& step) { running_->ask("POST", "steps", step); }

void FakeCluster::seek(std::chrono::milliseconds time) {
  running_->ask("POST", "seek", fmt::format("{{to: {}ms}}", time.count()));
}

std::chrono::nanoseconds FakeCluster::now() const {
  return running_->in_loop(
      [](run::ClusterServer& server) { return server.play().clock().at(server.now()); });
}

std::vector<Request> FakeCluster::requests(const Which& which) const {
  return requests_of(running_->ask("GET", "requests" + query_of(which), ""));
}

std::vector<Request> FakeCluster::wait_for(const Which& which, int count,
                                           std::chrono::milliseconds patience) const {
  const std::string query = query_of(which);
  return requests_of(running_->ask("GET",
                                   fmt::format("requests{}{}count={}&timeout={}ms", query,
                                               query.empty() ? "?" : "&", count, patience.count()),
                                   ""));
}

void FakeCluster::ended(int code) { running_->ended(code); }

Verdict FakeCluster::verdict() const {
  Verdict verdict;
  for (const scenario::Finding& one : running_->judged())
    verdict.findings.push_back({one.expectation, one.met, one.reason});
  return verdict;
}

std::string FakeCluster::control(const std::string& method, const std::string& what,
                                 const std::string& body) const {
  return running_->ask(method, what, body);
}

}  // namespace fakeapi::testing

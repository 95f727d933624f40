// A fake cluster behind HTTPS with the scenario that it plays, on an event loop that somebody else
// runs: what `fakeapi serve` and `fakeapi run` have in common.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakeapi/cluster/watch_list.hpp"
#include "fakeapi/run/exit_code.hpp"
#include "fakeapi/run/play.hpp"
#include "fakeapi/run/pod_network.hpp"

namespace fakeapi::wire {
class Exchange;
}

namespace boost::asio {
class io_context;
}

namespace fakeapi::run {

struct ServerOptions {
  std::string folder;  // where clients find how to be let in
  std::string address = "127.0.0.1";
  int port = 0;                    // 0 takes a free one
  std::string advertise;           // the URL for clients; "": that of the listener
  std::vector<std::string> names;  // more of the server's certificate: host names and addresses
  PodNetwork pods = PodNetwork::real;
  std::string events;             // an event log is written there; "" for none
  std::size_t watch_history = 0;  // events kept of each kind; 0: all
  cluster::WatchList watch_list = cluster::WatchList::on;
  std::optional<std::uint64_t> seed;  // else the scenario's
  double speed = 1;
  bool keeps_record = false;
  std::optional<bool> account_is_current;  // of the kubeconfig; else the admin is
  /// Faults that are less faithful than this are left out.
  fault::Faithfulness only = fault::Faithfulness::hostile;
};

/// Why something cannot be done, and the exit code that it comes to.
struct Failure {
  ExitCode code;
  std::string message;
};

class ClusterServer {
 public:
  /// Listens, makes the world of the scenario's start and writes the files for clients; its clock
  /// runs from then on. The loop must outlive it.
  static std::variant<std::unique_ptr<ClusterServer>, Failure> start(boost::asio::io_context& loop,
                                                                     scenario::Scenario scenario,
                                                                     const ServerOptions& options);
  ~ClusterServer();
  ClusterServer(const ClusterServer&) = delete;
  ClusterServer& operator=(const ClusterServer&) = delete;

  const std::string& url() const;
  /// The live page, with the token that it needs: a secret.
  std::string page() const;
  const std::string& namespace_name() const;
  /// The scenario's zero, if its clock has run all the time.
  std::chrono::steady_clock::time_point started() const;
  cluster::Instant now() const;
  cluster::Instant at(std::chrono::steady_clock::time_point time) const;
  Play& play();
  EventLog& log();

  /// What the control API answers the administrator, without a connection.
  wire::Exchange control(std::string method, const std::string& what, std::string body);

  /// Called once when it cannot go on.
  void on_failure(std::function<void(const Failure&)> told);
  /// Ends all connections and stops listening; the log gets its end. A text: it could not be
  /// written.
  std::optional<std::string> stop(const std::string& why);

 private:
  class Serving;
  explicit ClusterServer(std::unique_ptr<Serving> serving);
  std::unique_ptr<Serving> serving_;
};

/// Whether the scenario opens any listener at a Pod's address, so that the Pod network matters.
bool anything_listens(const scenario::Scenario& scenario);

}  // namespace fakeapi::run

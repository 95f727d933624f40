// A fake cluster for the C++ tests of other projects: a server with a scenario in a thread of its
// own, for as long as the object lives. examples/cpp is a project that uses it.
//
// All functions may be called from any thread. What cannot be done is a std::runtime_error with one
// line for people, as test frameworks show it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fakeapi::testing {

/// One expectation of the scenario, and whether it came true.
struct Finding {
  std::string expectation;  // "exit 0"
  bool met = false;
  std::string reason;  // "it exited 0 at 3.2 s"
};

struct Verdict {
  std::vector<Finding> findings;
  bool met() const;
  /// Those that were not met, a line each: for the message of a failed assertion.
  std::string text() const;
};

/// Which requests are meant; what is empty does not narrow. The words are those of
/// docs/control-api.md.
struct Which {
  std::string verb{};        // "list", "watch"
  std::string resource{};    // "endpointslices"
  std::string user_agent{};  // how it begins
  std::optional<bool> open{};
};

struct Request {
  std::string verb, resource, target, user_agent;
  int status = 0;     // 0: there was no answer
  std::string fault;  // the one that met it, or ""
  bool open = false;  // a watch that has not ended
};

struct Options {
  std::optional<std::uint64_t> seed;  // else the scenario's
  /// How fast the scenario's clock runs; what a client times itself is not hastened.
  double speed = 1;
};

/// A scenario that is a file.
struct File {
  std::string path;
};

class FakeCluster {
 public:
  /// A scenario (docs/scenarios.md) as a text; "" is an empty cluster. Its Pods listen at
  /// 127.20.x.y, so that a test needs no network of its own.
  explicit FakeCluster(const std::string& scenario, const Options& options = {});
  /// The same from a file.
  explicit FakeCluster(const File& scenario, const Options& options = {});
  ~FakeCluster();
  FakeCluster(const FakeCluster&) = delete;
  FakeCluster& operator=(const FakeCluster&) = delete;

  /// How clients are let in. The service account may read Endpoints, EndpointSlices, Services and
  /// Pods; the administrator everything. The files are gone with the object.
  std::string url() const;         // https://127.0.0.1:PORT
  std::string kubeconfig() const;  // a path; so are the next two
  std::string ca_file() const;
  std::string service_account() const;  // a folder with token, ca.crt, namespace
  std::string token() const;            // the service account's, as it is now
  std::string administrator_token() const;

  /// A fault (docs/scenarios.md, "A fault", without its name) from now on:
  ///   put_fault("overload", "{match: {verb: list, nth: 1}, respond: {status: 429}}")
  void put_fault(const std::string& name, const std::string& fault);
  void remove_fault(const std::string& name);
  /// A step of the language without a time, now: "pods: {db-0: ready}".
  void perform(const std::string& step);
  /// Moves the scenario's clock; steps on the way are done at once.
  void seek(std::chrono::milliseconds time);
  std::chrono::nanoseconds now() const;

  /// Those that are known, oldest first. With a count: waits until there are so many, which fails
  /// after `patience`. A change that comes before a program watches tests nothing:
  ///   wait_for({.verb = "watch", .resource = "endpointslices", .open = true})
  std::vector<Request> requests(const Which& which = {}) const;
  std::vector<Request> wait_for(
      const Which& which, int count = 1,
      std::chrono::milliseconds patience = std::chrono::seconds(30)) const;

  /// The program under test has ended, or a part of it has said that all is well (0). What follows
  /// is no more judged as to when it ended; only the first call counts.
  void ended(int code);
  /// On what `expect` of the scenario says, of all that happened up to now.
  Verdict verdict() const;

  /// Anything else of the control API (docs/control-api.md), such as control("POST", "compact").
  std::string control(const std::string& method, const std::string& what,
                      const std::string& body = "") const;

 private:
  class Running;
  std::unique_ptr<Running> running_;
};

}  // namespace fakeapi::testing

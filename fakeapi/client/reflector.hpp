// What to ask of one resource next, and what an answer means: list in pages, watch from the list's
// version, go on where a stream ended, list again where the history is gone. It does no I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace fakeapi::client {

/// A resource of one namespace, or of all where the namespace is "".
struct Watched {
  std::string kind;         // "EndpointSlice"
  std::string api_version;  // "discovery.k8s.io/v1"
  std::string plural;       // "endpointslices"
  std::string namespace_name;

  std::string path() const;
  std::string place() const;  // "in namespace default", "in all namespaces"
};

struct Change {
  bool gone = false;
  nlohmann::json object;  // of what is gone at least kind, apiVersion, name and namespace
};

struct Reaction {
  std::vector<Change> changes;
  bool complete = false;              // the first list is there, as changes
  std::chrono::milliseconds pause{};  // before the next request
  std::string trouble;                // what the server said, where it did not do as asked; else ""
};

class Reflector {
 public:
  explicit Reflector(Watched what) : what_(std::move(what)) {}

  const Watched& what() const { return what_; }
  bool watches() const { return state_ == State::watch; }
  /// The path and query of the next request. A watch is to live for `watch_s`.
  std::string target(std::int64_t watch_s) const;

  /// The answer to a list, or to a watch that was refused. `draw`, 0 to 1, is the jitter of a
  /// pause; `retry_after` is the header's text.
  Reaction on_answer(int status, const std::string& retry_after, std::string_view body,
                     double draw);
  /// A line of a watch.
  Reaction on_line(std::string_view line, double draw);
  /// A watch ended, or a request had no answer. What was told stays told: the next watch goes on.
  Reaction on_end(double draw);

 private:
  enum class State { list, watch };
  struct Known {
    std::string uid, version;
  };
  using Key = std::pair<std::string, std::string>;  // namespace, name

  Reaction failed(const std::string& trouble, double draw, std::chrono::milliseconds least = {});
  Reaction take_page(std::string_view body, double draw);
  void finish_list(Reaction& reaction);
  void tell(nlohmann::json object, Reaction& reaction);
  void lose(const Key& key, nlohmann::json object, Reaction& reaction);
  nlohmann::json bare(const Key& key) const;
  void list_again();

  Watched what_;
  State state_ = State::list;
  std::string continue_;
  std::string version_;
  std::vector<nlohmann::json> listed_;  // of a list that is not complete yet
  std::map<Key, Known> known_;
  bool begun_ = false;
  bool fruitful_ = false;  // the watch told something
  int failures_ = 0;       // in a row
};

/// The server's own words in the body of an error, or its status code.
std::string words_of(int status, std::string_view body);

}  // namespace fakeapi::client

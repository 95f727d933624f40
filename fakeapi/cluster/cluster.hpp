// The whole fake cluster as one value: requests go in, responses and streams come out, and time is
// handed in. It owns the store with its one resourceVersion sequence, the watches, who may do what,
// and the built-in controllers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/access/identity.hpp"
#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/cluster/user.hpp"
#include "fakeapi/cluster/wall_time.hpp"
#include "fakeapi/cluster/watch_list.hpp"

namespace fakeapi::cluster {

struct Options {
  std::uint64_t seed = 1;  // of uids and generated names
  WallTime wall_time{};    // at Instant{}: creationTimestamp and its like
  std::vector<User> users;
  bool allow_loopback_addresses =
      false;  // relaxes the one validation that forbids 127.0.0.0/8 in Endpoints
  /// Node objects that exist from the start. A Pod on a Node that does not exist is in no
  /// EndpointSlice, only in Endpoints (recordings, traces/*: the reconciler skips it unless
  /// publishNotReadyAddresses is set), so whoever places Pods names their Nodes here or creates
  /// them.
  std::vector<std::string> nodes;
  WatchList watch_list = WatchList::on;
};

/// One committed change of an object, as a watch without selectors would see it.
struct Change {
  enum class Type { added, modified, deleted };
  Type type;
  std::string resource;  // plural: "endpoints"
  std::shared_ptr<const nlohmann::json> object;
};

class Kinds;

class Cluster {
 public:
  explicit Cluster(Options options);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// Which API server is asked: there is a second one on the same etcd, whose watch cache may be
  /// behind. What goes to etcd is the same on both.
  enum class Server { first, replica };

  /// Answers one request. Calls with the same arguments in the same order give the same answers.
  Response handle(Instant now, const Request& request, Server server = Server::first);

  /// The same for the cluster's own hand (scenario steps): the administrator's rights, no token,
  /// JSON in and out. The body is sent with `content_type`.
  Response operate(Instant now, const std::string& method, const std::string& path,
                   const std::string& content_type, std::string body);

  /// Who sends these headers; nobody when their token is not valid.
  std::optional<Identity> identify(Instant now, const Headers& headers) const;

  /// Runs what is due by `now`: controllers, ends of grace periods. Call it when next_deadline()
  /// has come and after each batch of requests.
  void advance(Instant now);
  std::optional<Instant> next_deadline() const;

  /// Controllers that are paused see nothing; what they missed they catch up when they run again.
  void set_controllers_paused(Instant now, bool paused);

  /// How the controller of one kind follows what it watches (Controller::follow). The one that
  /// mirrors Endpoints goes with EndpointSlices, which it writes.
  enum class Followed { endpoints, endpoint_slices };
  void set_following(Instant now, Followed kind, bool paused, Duration lag);

  /// Makes an object as it is written, by server-side apply with force, and once more for its
  /// status. The cluster's own hand, like operate(); the answer is the first refusal or the last.
  Response apply(Instant now, const nlohmann::json& object);
  /// Deletes the object of a kind; an empty api_version means the one of the kind that there is.
  /// What is not there is no error: 404 is the answer then.
  Response remove(Instant now, const std::string& kind, const std::string& api_version,
                  const std::string& namespace_name, const std::string& name,
                  int grace_period_seconds);

  /// Another token for one of Options::users; the ones before are valid until then.
  void renew_token(Instant now, const std::string& user, std::string token,
                   Instant old_valid_until);
  void expire_tokens(Instant now, const std::string& user);
  /// By RBAC objects, as a cluster's administrator does it.
  void set_rights(Instant now, const std::string& user, User::Rights rights);

  /// How many objects of each resource there are: "endpoints", "leases.coordination.k8s.io".
  std::vector<std::pair<std::string, std::size_t>> object_counts() const;

  /// The newest resourceVersion.
  std::uint64_t version() const;

  /// Forgets the history up to and including `version`: a watch from before it gets 410 Expired in
  /// its stream, a stream that is behind it is cut.
  void compact(std::uint64_t version);

  /// The oldest version that all kinds can still be read at.
  std::uint64_t oldest_version() const;

  /// A replica that lags: its watch cache has reached `version` and stays there. Watches show
  /// nothing after it, reads that a cache may answer (with a resourceVersion) neither; reads as of
  /// now go to etcd. Without a version the cache catches up.
  void hold_cache(std::optional<std::uint64_t> version, Server server = Server::first);
  /// What the cache has reached.
  std::uint64_t cached_version() const;

  /// etcd is restored from a snapshot of `version`, which is neither in the future nor before
  /// oldest_version(): all is as it was then, and the versions after it are given once more. Open
  /// watches go on and are silent until what they have shown is passed again. Controllers see what
  /// has changed.
  void roll_back(Instant now, std::uint64_t version);

  /// Everything as it is now, to come back to it later: under new versions, and with all that
  /// watches and controllers make of the changes.
  class Snapshot;
  std::shared_ptr<const Snapshot> snapshot() const;
  void restore(Instant now, const Snapshot& snapshot);

  /// Keeps at most so many events of each kind; without a call, all of them.
  void set_history_limit(std::size_t events);

  /// Called after each committed change, in order, from inside handle(), operate() or advance().
  /// Must not call back.
  void on_change(std::function<void(Instant, const Change&)> observer);

 private:
  const Kinds& kinds() const;

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fakeapi::cluster

// The parts put together by hand, and the order in which a request meets them: who, may they, what.
#include "fakeapi/cluster/cluster.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/access/access.hpp"
#include "fakeapi/cluster/access/bootstrap.hpp"
#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/controllers/cleanup.hpp"
#include "fakeapi/cluster/controllers/definition_controller.hpp"
#include "fakeapi/cluster/controllers/endpoint_slice_controller.hpp"
#include "fakeapi/cluster/controllers/endpoints_controller.hpp"
#include "fakeapi/cluster/controllers/mirroring_controller.hpp"
#include "fakeapi/cluster/registry.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/watch_hub.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

Change::Type change_type(EventType type) {
  switch (type) {
    case EventType::added:
      return Change::Type::added;
    case EventType::modified:
      return Change::Type::modified;
    case EventType::deleted:
      break;
  }
  return Change::Type::deleted;
}

}  // namespace

struct Cluster::Parts {
  explicit Parts(Options given)
      : options(std::move(given)),
        store(std::make_shared<Store>(std::make_shared<Kinds>())),
        registry(*store, {options.seed, options.wall_time, options.allow_loopback_addresses}),
        watches(std::make_shared<WatchHub>(store)),
        access(*store, options.users, options.seed, options.wall_time),
        api(*store, registry, *watches, access, options.seed, options.wall_time,
            options.watch_list) {
    // set_following() knows these three by their places.
    controllers.push_back(std::make_unique<EndpointSliceController>(*store, registry));
    controllers.push_back(std::make_unique<MirroringController>(*store, registry));
    controllers.push_back(std::make_unique<EndpointsController>(*store, registry));
    controllers.push_back(std::make_unique<DefinitionController>(*store, registry));
    controllers.push_back(std::make_unique<GarbageCollector>(*store, registry));
    controllers.push_back(std::make_unique<NamespaceController>(*store, registry));
    store->on_commit([this](const Kind& kind, const Event& event) { committed(kind, event); });
    bootstrap();
  }

  // What a new cluster has before anybody asks (the Service kubernetes is left out: nothing answers
  // there). All of it is in its stored form, so that a start reads no schema.
  void bootstrap() {
    const auto make = [this](const char* plural, const std::string& space, json object) {
      WriteOptions write;
      write.canonical = true;
      registry.create(now, store->kinds().of(plural), space, std::move(object), write);
    };
    for (const char* name : {"default", "kube-node-lease", "kube-public", "kube-system"}) {
      make("namespaces", {},
           {{"kind", "Namespace"},
            {"apiVersion", "v1"},
            {"metadata", {{"name", name}, {"labels", {{"kubernetes.io/metadata.name", name}}}}}});
    }
    make("serviceaccounts", "default",
         {{"kind", "ServiceAccount"}, {"apiVersion", "v1"}, {"metadata", {{"name", "default"}}}});
    for (BootstrapObject& one : bootstrap_policy(options.users))
      make(one.plural, {}, std::move(one.object));
    for (const std::string& name : options.nodes) {
      make("nodes", {},
           {{"kind", "Node"},
            {"apiVersion", "v1"},
            {"metadata", {{"name", name}}},
            {"spec", json::object()},
            {"status", json::object()}});
    }
  }

  void committed(const Kind& kind, const Event& event) {
    for (const auto& controller : controllers) controller->observe(now, kind, event);
    if (!observer) return;
    observer(now, Change{change_type(event.type), kind.plural, event.object->content()});
  }

  Controller* first_due() const {
    Controller* first = nullptr;
    for (const auto& controller : controllers) {
      if (controller->due() && (first == nullptr || *controller->due() < *first->due()))
        first = controller.get();
    }
    return first;
  }

  // Most clusters have one API server, and a second one costs each commit a look.
  void need_replica() {
    if (replica_watches) return;
    replica_watches = std::make_shared<WatchHub>(store);
    replica_api.emplace(*store, registry, *replica_watches, access, options.seed, options.wall_time,
                        options.watch_list);
  }

  Response answer(const Request& request, const Result<Identity>& user,
                  Server server = Server::first) {
    if (!user) return failure_response(user.failure());
    const Uri uri = parse_uri(request.target);
    const Attributes attributes = attributes_of(request.method, uri);
    if (const auto failure = access.authorize(*user, attributes)) return failure_response(*failure);
    if (server == Server::first) return api.answer(now, request, uri, attributes, *user);
    need_replica();
    return replica_api->answer(now, request, uri, attributes, *user);
  }

  Options options;
  Instant now{};
  std::shared_ptr<Store> store;
  Registry registry;
  std::shared_ptr<WatchHub> watches;
  Access access;
  Api api;
  std::shared_ptr<WatchHub> replica_watches;
  std::optional<Api> replica_api;
  std::vector<std::unique_ptr<Controller>> controllers;
  bool paused = false;
  std::function<void(Instant, const Change&)> observer;
};

Cluster::Cluster(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}
Cluster::~Cluster() = default;

Response Cluster::handle(Instant now, const Request& request, Server server) {
  parts_->now = std::max(parts_->now, now);
  return parts_->answer(request, parts_->access.authenticate(parts_->now, request.headers), server);
}

std::optional<Identity> Cluster::identify(Instant now, const Headers& headers) const {
  auto user = parts_->access.authenticate(std::max(parts_->now, now), headers);
  return user ? std::optional(std::move(*user)) : std::nullopt;
}

Response Cluster::operate(Instant now, const std::string& method, const std::string& path,
                          const std::string& content_type, std::string body) {
  parts_->now = std::max(parts_->now, now);
  Request request{method, path, {{"Accept", "application/json"}}, std::move(body)};
  if (!content_type.empty()) request.headers.emplace_back("Content-Type", content_type);
  return parts_->answer(request, administrator());
}

void Cluster::advance(Instant now) {
  Parts& parts = *parts_;
  if (!parts.paused) {
    for (Controller* due = parts.first_due(); due != nullptr && *due->due() <= now;
         due = parts.first_due()) {
      // At the time it was due, so that a driver that comes late changes nothing; but time never
      // runs backwards.
      parts.now = std::max(parts.now, *due->due());
      due->run(parts.now);
    }
  }
  parts.now = std::max(parts.now, now);
}

std::optional<Instant> Cluster::next_deadline() const {
  if (parts_->paused) return std::nullopt;
  const Controller* due = parts_->first_due();
  return due != nullptr ? due->due() : std::nullopt;
}

void Cluster::set_controllers_paused(Instant now, bool paused) {
  parts_->now = std::max(parts_->now, now);
  if (parts_->paused && !paused) {
    for (const auto& controller : parts_->controllers) controller->restart(parts_->now);
  }
  parts_->paused = paused;
}

void Cluster::set_following(Instant now, Followed kind, bool paused, Duration lag) {
  parts_->now = std::max(parts_->now, now);
  const auto follow = [&](std::size_t controller) {
    parts_->controllers[controller]->follow(parts_->now, paused, lag);
  };
  if (kind == Followed::endpoints) return follow(2);
  follow(0);
  follow(1);
}

void Cluster::renew_token(Instant now, const std::string& user, std::string token,
                          Instant old_valid_until) {
  parts_->now = std::max(parts_->now, now);
  parts_->access.renew_token(user, std::move(token), old_valid_until);
}

void Cluster::expire_tokens(Instant now, const std::string& user) {
  parts_->now = std::max(parts_->now, now);
  parts_->access.expire_tokens(user, parts_->now);
}

const Kinds& Cluster::kinds() const { return parts_->store->kinds(); }

void Cluster::compact(std::uint64_t version) { parts_->store->compact(version); }

std::uint64_t Cluster::oldest_version() const { return parts_->store->oldest(); }

void Cluster::hold_cache(std::optional<std::uint64_t> version, Server server) {
  if (server == Server::replica) parts_->need_replica();
  WatchHub& watches = server == Server::first ? *parts_->watches : *parts_->replica_watches;
  if (version) {
    watches.hold(*version);
  } else {
    watches.release();
  }
}

std::uint64_t Cluster::cached_version() const { return parts_->watches->reached(); }

void Cluster::roll_back(Instant now, std::uint64_t version) {
  parts_->now = std::max(parts_->now, now);
  for (const auto& [kind, event] : parts_->store->roll_back(version))
    parts_->committed(*kind, event);
}

std::vector<std::pair<std::string, std::size_t>> Cluster::object_counts() const {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Kind& kind : kinds().all()) {
    const std::size_t count = parts_->store->objects(kind).size();
    if (count > 0 && kind.served) counts.emplace_back(kind.qualified_resource(), count);
  }
  return counts;
}

class Cluster::Snapshot {
 public:
  explicit Snapshot(Store::Snapshot objects) : objects_(std::move(objects)) {}
  const Store::Snapshot& objects() const { return objects_; }

 private:
  Store::Snapshot objects_;
};

std::shared_ptr<const Cluster::Snapshot> Cluster::snapshot() const {
  return std::make_shared<const Snapshot>(parts_->store->snapshot());
}

void Cluster::restore(Instant now, const Snapshot& snapshot) {
  parts_->now = std::max(parts_->now, now);
  parts_->store->restore(snapshot.objects());
}

void Cluster::set_history_limit(std::size_t events) { parts_->store->set_history_limit(events); }

std::uint64_t Cluster::version() const { return parts_->store->version(); }

void Cluster::on_change(std::function<void(Instant, const Change&)> observer) {
  parts_->observer = std::move(observer);
}

}  // namespace fakeapi::cluster

// The API as a function of a request whose sender is known and allowed: finds the resource, answers
// reads from the store, opens watches, and hands writes to the registry.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/api/list_options.hpp"
#include "fakeapi/cluster/api/negotiate.hpp"
#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/cluster/registry.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/watch_hub.hpp"

namespace fakeapi::cluster {

/// One request with everything that was found out about it.
struct Call {
  Instant now{};
  const Request* request = nullptr;
  const Uri* uri = nullptr;
  const Attributes* attributes = nullptr;
  const Kind* kind = nullptr;
  std::string namespace_name;  // empty for cluster-scoped kinds and for all namespaces
  std::vector<std::string> warnings;
};

class Api {
 public:
  Api(Store& store, Registry& registry, WatchHub& watches, std::uint64_t seed)
      : store_(store), registry_(registry), watches_(watches), random_(seed) {}

  Response answer(Instant now, const Request& request, const Uri& uri,
                  const Attributes& attributes);

 private:
  Response answer_path(const Request& request, const Uri& uri, const Attributes& attributes) const;
  Response answer_resource(Call& call);
  Response dispatch(Call& call);

  Response get(const Call& call) const;
  Response list(const Call& call) const;
  Response watch(const Call& call);
  Response create(Call& call);
  Response replace(Call& call);
  Response patch(Call& call);
  Response remove(Call& call);
  Response remove_collection(Call& call);

  Response written(const Call& call, const Result<Written>& result) const;

  Store& store_;
  Registry& registry_;
  WatchHub& watches_;
  Random random_;  // of stream lifetimes only, so that watching changes no uid
};

/// Discovery documents for a path, made of the table of kinds; nullptr for other paths.
Bytes discovery_document(const Uri& uri, Representation representation);
bool is_discovery_path(const Uri& uri);

/// A body as JSON that may be stored: checked against the path, unknown keys handled as
/// fieldValidation says.
Result<nlohmann::json> read_body(Call& call);

/// Applies a patch of the given media type to `object`.
Result<nlohmann::json> apply_patch(const Call& call, const nlohmann::json& object);
bool is_patch_type(std::string_view media_type);

Result<DeleteOptions> read_delete_options(const Call& call);

/// "All" or nothing; anything else is 422.
Result<bool> read_dry_run(const Uri& uri, std::string_view options);

}  // namespace fakeapi::cluster

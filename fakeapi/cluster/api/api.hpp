// The API as a function of a request whose sender is known and allowed: finds the resource, answers
// reads from the store, opens watches, and hands writes to the registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/access/access.hpp"
#include "fakeapi/cluster/api/list_options.hpp"
#include "fakeapi/cluster/api/negotiate.hpp"
#include "fakeapi/cluster/api/openapi2.hpp"
#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/columns/table.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/cluster/registry.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/wall_time.hpp"
#include "fakeapi/cluster/watch_hub.hpp"

namespace fakeapi::cluster {

/// One request with everything that was found out about it.
struct Call {
  Instant now{};
  WallTime wall_now{};
  const Request* request = nullptr;
  const Uri* uri = nullptr;
  const Attributes* attributes = nullptr;
  const Identity* user = nullptr;
  const Kind* kind = nullptr;
  const Subresource* subresource = nullptr;
  std::string namespace_name;  // empty for cluster-scoped kinds and for all namespaces
  Representation representation;
  std::optional<bool> decoded;  // of the body or the patched object: WriteOptions::decoded
  std::vector<std::string> warnings;
};

/// What a list found, and what its metadata says.
struct Page {
  std::vector<ObjectPtr> items;
  columns::ListMeta meta;
};

class Api {
 public:
  Api(Store& store, Registry& registry, WatchHub& watches, Access& access, std::uint64_t seed,
      WallTime wall_time_at_start, WatchList watch_list)
      : store_(store),
        registry_(registry),
        watches_(watches),
        access_(access),
        random_(seed),
        wall_time_(wall_time_at_start),
        watch_list_(watch_list) {}

  Response answer(Instant now, const Request& request, const Uri& uri, const Attributes& attributes,
                  const Identity& user);

 private:
  Response answer_path(const Request& request, const Uri& uri, const Attributes& attributes);
  Response answer_resource(Call& call);
  Response dispatch(Call& call);

  // read.cpp
  Response get(const Call& call) const;
  Response list(const Call& call) const;
  Result<Page> read_page(const Call& call) const;
  // watch.cpp
  Response watch(const Call& call);
  // write.cpp
  Response create(Call& call);
  Response replace(Call& call);
  Response patch(Call& call);
  Response remove(Call& call);
  Response remove_collection(Call& call);
  Response written(const Call& call, const Result<Written>& result) const;
  // apply.cpp
  Response apply(Call& call);
  // scale.cpp
  Response scale(Call& call);
  // pod_actions.cpp
  bool is_action(const Call& call) const;
  Response act(Call& call);
  Response bind(Call& call);
  Response evict(Call& call);
  // review.cpp
  Response review(Call& call);
  Response create_token(Call& call);

  Store& store_;
  Registry& registry_;
  WatchHub& watches_;
  Access& access_;
  Random random_;       // of stream lifetimes only, so that watching changes no uid
  WallTime wall_time_;  // at Instant{}
  WatchList watch_list_;
  openapi::V2 openapi_v2_;
};

/// Discovery and OpenAPI documents for a path; nullptr for other paths.
Bytes discovery_document(const Kinds& kinds, const Uri& uri, const Representation& representation);
bool is_discovery_path(const Uri& uri);
bool is_openapi_path(const Uri& uri);
Response openapi_response(const Kinds& kinds, const Request& request, const Uri& uri);

/// A body as an object of the call's kind, or of its subresource: decoded as its Content-Type says,
/// checked against the path, unknown and duplicate fields handled as fieldValidation says.
Result<nlohmann::json> read_body(Call& call);

/// Strict decoding errors after a patch: a Failure, or warnings in the call, or nothing.
std::optional<Failure> judge_strict(Call& call, std::vector<std::string> errors,
                                    const std::function<Failure(const std::string&)>& refuse);

/// Applies a JSON patch, a merge patch or a strategic merge patch to `object`.
Result<nlohmann::json> apply_patch(Call& call, const nlohmann::json& object);
bool is_patch_type(const Kind& kind, std::string_view media_type);
inline constexpr std::string_view apply_type = "application/apply-patch+yaml";

Result<DeleteOptions> read_delete_options(const Call& call);
/// The `preconditions` of DeleteOptions in a body.
void read_preconditions(const nlohmann::json& body, DeleteOptions& out);

/// What the query says about a write.
struct WriteRequest {
  bool dry_run = false;
  bool force = false;   // of a server-side apply
  std::string manager;  // the parameter fieldManager, or else the client's name
};
/// `options` names them in errors: "CreateOptions", "UpdateOptions", "PatchOptions".
Result<WriteRequest> read_write_request(const Call& call, std::string_view options,
                                        bool applies = false);

/// The scale of an object that has one, as autoscaling/v1 Scale.
Response scale_response(const Call& call, const Object& object);

}  // namespace fakeapi::cluster

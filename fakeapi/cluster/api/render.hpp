// From objects to the bytes of an answer, in the representation that the client asked for: the
// object itself, a row of a table, its metadata alone, as JSON or YAML.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/columns/table.hpp"
#include "fakeapi/cluster/watch_hub.hpp"

namespace fakeapi::cluster {

/// A stored object. The plain form shares the bytes that were made for others.
Response object_response(const Call& call, int status, const Object& object);

/// Anything else that is answered as it is, save for YAML and for people: a Status, a review, a
/// Scale.
Response value_response(const Call& call, int status, const nlohmann::json& value);

Response list_response(const Call& call, const columns::ListMeta& meta,
                       const std::vector<ObjectPtr>& items);

/// 400 or 406 for a representation that this kind of answer does not have, before anything is done.
std::optional<Failure> check_representation(const Call& call, bool is_list);

/// How a watch writes its events; nullptr for the plain form.
std::unique_ptr<EventView> event_view(const Call& call);

/// Compressed when it is large and the client takes it (responsewriters/writers.go).
void compress(const Headers& request, Response& response);

}  // namespace fakeapi::cluster

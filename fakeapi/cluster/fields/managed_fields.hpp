// Field management as one does it for a request: every write but an apply ends in update_managers,
// an apply is apply. What decodes, defaults, validates and stores is the caller's.
//
// Where in a request (apiserver endpoints/handlers/{create,update,patch}.go): after decoding and
// defaulting, before the kind's strategy prepares the object, so that what the server itself fills
// in is owned by nobody. Decoding has to leave an empty metadata.managedFields as it is.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/fields/field_set.hpp"
#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::fields {

/// Whose write it is, and through what.
struct Manager {
  std::string name;         // manager_name(); "unknown" when empty
  std::string subresource;  // "status"; empty for the object itself
  /// What this resource or subresource resets and so never owns; nullptr for nothing.
  const FieldSet* reset_fields = nullptr;
  std::string time;  // RFC 3339, UTC, whole seconds
};

struct UpdateRequest {
  const nlohmann::json* live = nullptr;  // nullptr on create
  nlohmann::json object;                 // with apiVersion and kind
  const schema::Type* type = nullptr;    // nullptr: a kind without a schema
  Manager manager;
};

/// The object with its metadata.managedFields as this write leaves them. Entries that the client
/// sent count instead of those of the live object when they can be read, and never through a
/// subresource. An object whose tracking was ended by its client stays untracked until an apply.
nlohmann::json update_managers(UpdateRequest request);

struct ApplyRequest {
  const nlohmann::json* live = nullptr;    // nullptr when there is none yet
  const nlohmann::json* config = nullptr;  // as it was sent, undecoded
  const schema::Type* type = nullptr;
  std::string api_version, kind;  // of the resource of the request
  Manager manager;
  bool force = false;
};

struct Applied {
  /// With metadata.managedFields. It still has to be decoded, as an applied configuration may hold
  /// what the type's decoder refuses, and a list or map that lost everything is null; then
  /// defaulted.
  nlohmann::json object;
  /// False: the configuration says what is there already.
  bool changed = true;
};

/// The merged object, or the conflicts (409), or why the configuration cannot be applied (400 for
/// another kind or managedFields, 500 for what does not fit the type, as the real server answers).
Result<Applied> apply(const ApplyRequest& request);

/// Once the object is as it would be stored: a write that changed nothing but times in
/// managedFields gets the times it had, so that it is no write
/// (endpoints/handlers/fieldmanager/equality.go).
void keep_times_of_unchanged(const nlohmann::json& live, nlohmann::json& object);

}  // namespace fakeapi::cluster::fields

// The one table of kinds. Whatever differs between kinds is a column of a row; code that needs to
// know about a kind asks its row and never compares names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster {

struct RuleContext;

/// A field that fieldSelector may name, and how its value is read.
struct SelectableField {
  std::string_view label;
  std::string (*read)(const nlohmann::json& object);
};

struct Subresource {
  std::string_view name;
  std::vector<std::string_view> verbs;
};

/// What the API server does to an object of a kind between decoding and storing; nullptr where
/// nothing is special.
struct Rules {
  /// Required: the shape that Go's types give JSON: empty lists dropped or null, fixed fields
  /// present, defaults filled.
  void (*shape)(nlohmann::json& object) = nullptr;
  /// Before a create: status reset, addresses allotted.
  void (*before_create)(nlohmann::json& object, RuleContext& context) = nullptr;
  /// Before an update through the main resource: what the client may not change is taken from
  /// `old`.
  void (*before_update)(nlohmann::json& object, const nlohmann::json& old,
                        RuleContext& context) = nullptr;
  /// `old` is null on create.
  void (*validate)(const nlohmann::json& object, const nlohmann::json* old,
                   const RuleContext& context, FieldErrors& errors) = nullptr;
  void (*warn)(const nlohmann::json& object, std::vector<std::string>& warnings) = nullptr;
};

struct Kind {
  std::string_view group;  // empty: the core group
  std::string_view version;
  std::string_view kind;
  std::string_view plural;
  std::string_view singular;
  bool namespaced = true;
  std::vector<std::string_view> verbs;
  std::vector<std::string_view> short_names;
  std::vector<std::string_view> categories;
  std::string_view storage_version_hash;
  std::vector<Subresource> subresources;
  std::vector<SelectableField> fields;  // besides metadata.name and metadata.namespace
  /// Kinds with own conversions say "field label not supported: x", the others name what they know.
  bool own_field_errors = false;
  std::vector<std::string_view> content;  // keys besides kind, apiVersion and metadata
  std::vector<std::string> (*name_errors)(std::string_view name, bool prefix) = nullptr;
  Rules rules;
  bool counts_generations =
      false;                  // metadata.generation starts at 1 and counts changes of the content
  bool labels_count = false;  // ... and of the labels (EndpointSlice)
  bool create_on_update = false;         // a PUT of what does not exist creates it
  bool returns_deleted = false;          // DELETE answers with the object, not with a Status
  bool graceful_delete = false;          // Pods: a grace period, and a second delete by the kubelet
  bool finalized_by_controller = false;  // Namespaces: deleting empties them first
  std::string_view warning;              // a Warning header on every answer
  std::size_t index = 0;                 // the row's place in the table

  bool allows(std::string_view verb) const;
  const Subresource* subresource(std::string_view name) const;
  std::string api_version() const;         // "v1", "discovery.k8s.io/v1"
  std::string qualified_resource() const;  // "endpointslices.discovery.k8s.io"
};

const std::vector<Kind>& kinds();

/// nullptr when the group and version have no such resource.
const Kind* find_kind(std::string_view group, std::string_view version, std::string_view plural);

/// Whether any kind lives there.
bool group_version_exists(std::string_view group, std::string_view version);

/// The row of a kind that the code itself needs. It must exist: a misspelt name is a broken
/// invariant.
const Kind& kind_of(std::string_view plural);

}  // namespace fakeapi::cluster

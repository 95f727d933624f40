// The one table of kinds. Whatever differs between kinds is a column of a row; code that needs to
// know about a kind asks its row and never compares names. What the objects look like is in the
// recorded schemas: a row only names the kind.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/schema/read.hpp"

namespace fakeapi::cluster {

namespace columns {
struct Printer;
}

struct RuleContext;

/// A field that fieldSelector may name, and how its value is read.
struct SelectableField {
  std::string label;
  std::function<std::string(const nlohmann::json& object)> read;
};

/// The kind of what a subresource takes and gives, where it is not the object itself.
struct BodyKind {
  std::string_view group;
  std::string_view version;  // empty: that of the main resource
  std::string_view kind;
};

struct Subresource {
  std::string_view name;
  std::vector<std::string_view> verbs;
  BodyKind body;  // empty kind: the object itself
};

/// Where a scale subresource finds its numbers (autoscaling/v1 Scale); keys of the object.
struct ScalePaths {
  std::vector<std::string> spec_replicas;
  std::vector<std::string> status_replicas;
  std::vector<std::string> selector;  // empty: none
};

/// What the API server does to an object of a kind between decoding and storing; nullptr where
/// nothing is special. Objects arrive as schema::decode leaves them.
struct Rules {
  /// Defaults that no schema names (pkg/apis/*/v1/defaults.go).
  void (*defaults)(nlohmann::json& object) = nullptr;
  /// Before a create: status reset, addresses allotted.
  void (*before_create)(nlohmann::json& object, RuleContext& context) = nullptr;
  /// Before an update through the main resource: what the client may not change is taken from
  /// `old`.
  void (*before_update)(nlohmann::json& object, const nlohmann::json& old,
                        RuleContext& context) = nullptr;
  /// After a deletion: what the object held is free for others.
  void (*release)(const nlohmann::json& object, RuleContext& context) = nullptr;
  /// `old` is null on create.
  void (*validate)(const nlohmann::json& object, const nlohmann::json* old,
                   const RuleContext& context, FieldErrors& errors) = nullptr;
  void (*warn)(const nlohmann::json& object, std::vector<std::string>& warnings) = nullptr;
};

struct Kind;

/// The same objects under another group or version: written once, kept in both forms.
struct Twin {
  const Kind* kind = nullptr;
  std::function<nlohmann::json(const nlohmann::json& object)> convert;
};

/// What a CustomResourceDefinition adds to a row.
struct CustomKind {
  schema::Types types;
  std::shared_ptr<const nlohmann::json> schema;     // openAPIV3Schema, which validation walks
  std::shared_ptr<const columns::Printer> printer;  // additionalPrinterColumns
  std::string definition_uid;
};

struct Kind {
  std::string group;  // empty: the core group
  std::string version;
  std::string kind;
  std::string list_kind;
  std::string plural;
  std::string singular;
  bool namespaced = true;
  std::vector<std::string_view> verbs;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::string storage_version_hash;
  std::vector<Subresource> subresources;
  std::vector<SelectableField> fields;  // besides metadata.name and metadata.namespace
  /// Kinds with own conversions say "field label not supported: x", the others name what they know.
  bool own_field_errors = false;
  std::vector<std::string> (*name_errors)(std::string_view name, bool prefix) = nullptr;
  Rules rules;
  const columns::Printer& (*columns)() = nullptr;
  ScalePaths scale;
  bool counts_generations =
      false;                  // metadata.generation starts at 1 and counts changes of the content
  bool labels_count = false;  // ... and of the labels (EndpointSlice)
  bool has_status = false;    // a status that only its subresource writes
  bool create_on_update = false;         // a PUT of what does not exist creates it
  bool returns_deleted = false;          // DELETE answers with the object, not with a Status
  bool graceful_delete = false;          // Pods: a grace period, and a second delete by the kubelet
  bool finalized_by_controller = false;  // Namespaces: deleting empties them first
  bool needs_version_to_update = false;  // a PUT must say which version it replaces
  bool virtual_kind = false;             // reviews: answered, never stored
  std::string warning;                   // a Warning header on every answer
  std::vector<Twin> twins;
  std::shared_ptr<CustomKind> custom;  // null for built-in kinds
  const schema::Type* custom_type = nullptr;
  bool served = true;
  std::size_t index = 0;  // the row's place in the table

  bool allows(std::string_view verb) const;
  const Subresource* subresource(std::string_view name) const;
  std::string api_version() const;         // "v1", "discovery.k8s.io/v1"
  std::string qualified_resource() const;  // "endpointslices.discovery.k8s.io"
  std::string qualified_kind() const;      // "EndpointSlice.discovery.k8s.io"
  const schema::Type& type() const;
  const columns::Printer& printer() const;
};

/// The rows: the built-in ones, and those that CustomResourceDefinitions add and take away. A row
/// stays where it is, and its index its own, for as long as this lives.
class Kinds {
 public:
  Kinds();
  Kinds(const Kinds&) = delete;
  Kinds& operator=(const Kinds&) = delete;

  const std::deque<Kind>& all() const { return rows_; }

  /// nullptr when the group and version serve no such resource.
  const Kind* find(std::string_view group, std::string_view version, std::string_view plural) const;
  /// By the kind's own name.
  const Kind* find_kind(std::string_view group, std::string_view version,
                        std::string_view kind) const;

  /// Whether any kind lives there.
  bool serves(std::string_view group, std::string_view version) const;

  /// A row of the core of the product, by plural and group. It must exist: a misspelt name is a
  /// broken invariant.
  const Kind& of(std::string_view plural, std::string_view group = {}) const;

  Kind& add(Kind row);
  /// The same row, to be changed in place: a CustomResourceDefinition was updated.
  Kind& edit(const Kind& row) { return rows_[row.index]; }

 private:
  std::deque<Kind> rows_;
};

}  // namespace fakeapi::cluster

// How structured-merge-diff sees a type: which forms a value may have (scalar, list, map), whether
// lists and maps are merged or replaced as a whole, what tells the items of a list apart. The rules
// that lead from an OpenAPI schema there are those of kube-openapi pkg/schemaconv.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/fields/path.hpp"
#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::fields {

class Shape {
 public:
  /// Without a type: what a value is follows from the value (typed.DeducedParseableType), as for
  /// custom resources that have no schema.
  Shape() = default;
  explicit Shape(const schema::Type* type);

  enum Form : unsigned { scalar = 1, list = 2, map = 4 };
  enum class Scalar { numeric, string, boolean, untyped };

  /// The forms that the type allows.
  unsigned forms() const;
  /// Only the value's form when the type allows it; otherwise, and for null and for no value, all
  /// of the type's (typed/helpers.go, deduceAtom).
  unsigned forms_for(const nlohmann::json* value) const;
  Scalar scalar_kind() const;

  /// Of a list: its items are told apart (a set, or a list with keys), not replaced together.
  bool associative() const;
  const std::vector<std::string>& keys() const;
  /// The default of an item's key; nullptr for none.
  const nlohmann::json* key_default(std::string_view key) const;

  /// Of a map or a structure: replaced as a whole.
  bool atomic_map() const;
  /// A field of the structure, rather than a key of a map or a field that nobody declared.
  bool declares(std::string_view field) const;
  /// A map or structure whose content is not described at all.
  bool undescribed_map() const;

  /// Of the items of a list, and of the values of a map that are no declared fields; nothing where
  /// a structure has declared fields only.
  std::optional<Shape> element() const;
  /// Of a field or a key.
  std::optional<Shape> member(std::string_view name) const;

 private:
  enum class Special { deduced, untyped_atomic };
  std::optional<Shape> unknown_members() const;

  const schema::Type* type_ = nullptr;
  Special special_ = Special::deduced;
  std::optional<bool> atomic_;  // where the field says so, not the type
  bool preserves_ = false;  // a type above keeps unknown fields, and so do those written inside it
};

/// The path element of an item of an associative list, or why it has none
/// (typed/helpers.go, listItemToPathElement).
struct ItemElement {
  std::optional<PathElement> element;
  std::string error;
};
ItemElement element_of_item(const Shape& list, const nlohmann::json& item);

/// The same question without building the element: empty where it has one.
std::string item_error(const Shape& list, const nlohmann::json& item);

/// What Creater.New makes: an object of the kind in which nothing is set. Fields that Go always
/// writes are there, with their zero values.
nlohmann::json zero_object(const schema::Type* type, std::string_view api_version,
                           std::string_view kind);

}  // namespace fakeapi::cluster::fields

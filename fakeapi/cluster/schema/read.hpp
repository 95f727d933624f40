// From OpenAPI schemas to types: those of the recorded documents, and that of a
// CustomResourceDefinition, which speaks the same language.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::schema {

/// Types that refer to each other. Types stay where they are for as long as this lives.
class Types {
 public:
  /// The schemas of one document (components.schemas), and facts about the Go types behind them
  /// (documents/README.md).
  void add_document(const nlohmann::json& schemas, const nlohmann::json& go_types);

  /// The structural schema of one version of a CustomResourceDefinition, with `metadata` as
  /// `object_meta` has it; null is a schema that keeps whatever comes. The type is returned, not
  /// named.
  const Type* add_custom(const nlohmann::json& schema, const Type* object_meta);

  /// nullptr when no type has that name, or that group, version and kind.
  const Type* find(std::string_view name) const;
  const Type* find(std::string_view group, std::string_view version, std::string_view kind) const;

 private:
  friend class Reader;
  std::deque<Type> types_;
  std::map<std::string, Type*, std::less<>> by_name_;
  std::map<std::tuple<std::string, std::string, std::string>, const Type*, std::less<>> by_kind_;
};

}  // namespace fakeapi::cluster::schema

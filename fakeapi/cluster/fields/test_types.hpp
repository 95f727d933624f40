// Types for tests, written down as short as a schema is said: structure({{"name", string}}).
#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::fields::testing {

class Types {
 public:
  using Kind = schema::Type::Kind;
  using Members = std::vector<std::pair<std::string, const schema::Type*>>;

  const schema::Type* scalar(Kind kind) { return &make(kind); }
  const schema::Type* string() { return scalar(Kind::string); }
  const schema::Type* integer() { return scalar(Kind::integer); }

  /// Fields that Go leaves out when they are empty, but for structures, which it always writes.
  schema::Type* structure(const Members& members) {
    schema::Type& out = make(Kind::structure);
    for (const auto& [name, type] : members) {
      schema::Field field;
      field.name = name;
      field.type = type;
      if (type->kind == Kind::structure) field.when_empty = schema::Field::Empty::zero;
      out.fields.push_back(field);
    }
    std::sort(out.fields.begin(), out.fields.end(),
              [](const schema::Field& a, const schema::Field& b) { return a.name < b.name; });
    return &out;
  }
  schema::Type* map_of(const schema::Type* element) {
    schema::Type& out = make(Kind::map);
    out.element = element;
    return &out;
  }
  schema::Type* list_of(const schema::Type* element) {
    schema::Type& out = make(Kind::list);
    out.element = element;
    return &out;
  }
  schema::Type* set_of(const schema::Type* element) {
    schema::Type* out = list_of(element);
    out->list_type = schema::Type::ListType::set;
    return out;
  }
  schema::Type* list_by(std::vector<std::string> keys, const schema::Type* element) {
    schema::Type* out = list_of(element);
    out->list_type = schema::Type::ListType::map;
    out->keys = std::move(keys);
    return out;
  }
  static schema::Field& field_of(schema::Type* type, const std::string& name) {
    return *std::find_if(type->fields.begin(), type->fields.end(),
                         [&](const schema::Field& one) { return one.name == name; });
  }
  static void set_default(schema::Type* type, const std::string& name, nlohmann::json value) {
    field_of(type, name).default_value = std::make_shared<const nlohmann::json>(std::move(value));
  }

  /// What every object has; `members` beside it.
  schema::Type* object(Members members) {
    const schema::Type* owner = structure({{"uid", string()}, {"name", string()}});
    const schema::Type* metadata = structure({{"name", string()},
                                              {"generateName", string()},
                                              {"namespace", string()},
                                              {"uid", string()},
                                              {"resourceVersion", string()},
                                              {"generation", integer()},
                                              {"creationTimestamp", scalar(Kind::time)},
                                              {"labels", map_of(string())},
                                              {"annotations", map_of(string())},
                                              {"finalizers", set_of(string())},
                                              {"ownerReferences", list_by({"uid"}, owner)},
                                              {"managedFields", list_of(scalar(Kind::any))}});
    members.emplace_back("apiVersion", string());
    members.emplace_back("kind", string());
    members.emplace_back("metadata", metadata);
    return structure(members);
  }

 private:
  schema::Type& make(Kind kind) {
    schema::Type& out = types_.emplace_back();
    out.kind = kind;
    return out;
  }

  std::deque<schema::Type> types_;
};

/// A small workload: a scalar, a list by a defaulted key, a set, granular and atomic maps.
struct Workload {
  Types types;
  const schema::Type* type = nullptr;

  Workload() {
    schema::Type* port = types.structure(
        {{"port", types.integer()}, {"protocol", types.string()}, {"name", types.string()}});
    Types::set_default(port, "protocol", "TCP");
    schema::Type* selector = types.map_of(types.string());
    selector->atomic = true;
    const schema::Type* container =
        types.structure({{"name", types.string()},
                         {"image", types.string()},
                         {"args", types.list_of(types.string())},
                         {"resources", types.structure({{"limits", types.map_of(types.string())}})},
                         {"ports", types.list_by({"port", "protocol"}, port)}});
    type = types.object(
        {{"spec", types.structure({{"replicas", types.integer()},
                                   {"paused", types.scalar(Types::Kind::boolean)},
                                   {"selector", selector},
                                   {"zones", types.set_of(types.string())},
                                   {"config", types.map_of(types.string())},
                                   {"extra", types.scalar(Types::Kind::any)},
                                   {"containers", types.list_by({"name"}, container)}})},
         {"status", types.structure({{"ready", types.integer()}})}});
  }
};

inline nlohmann::json workload(nlohmann::json spec) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "Workload"},
          {"metadata", {{"name", "web"}}},
          {"spec", std::move(spec)}};
}

}  // namespace fakeapi::cluster::fields::testing

#include "fakeapi/cluster/schema/type.hpp"

#include <algorithm>

namespace fakeapi::cluster::schema {

const Field* Type::field(std::string_view field_name) const {
  const auto it =
      std::lower_bound(fields.begin(), fields.end(), field_name,
                       [](const Field& one, std::string_view wanted) { return one.name < wanted; });
  return it != fields.end() && it->name == field_name ? &*it : nullptr;
}

bool Type::is_scalar() const {
  return kind != Kind::any && kind != Kind::structure && kind != Kind::map && kind != Kind::list;
}

}  // namespace fakeapi::cluster::schema

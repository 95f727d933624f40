// A set is either read or still the JSON that it was written as.
#include "fakeapi/cluster/fields/owned_fields.hpp"

#include <variant>

#include "fakeapi/cluster/fields/fields_v1.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// Looks fields up by name; where items of lists are concerned, it takes them to be the same.
bool may_meet(const json& level, const FieldSet& fields) {
  if (!level.is_object()) return false;
  for (const FieldSet::Node& node : fields.nodes()) {
    const std::string* name = node.element.field_name();
    if (name == nullptr) {
      const auto& members = level.get_ref<const json::object_t&>();
      if (members.lower_bound("g") != members.end()) return true;  // i:, k: or v:
      continue;
    }
    const auto found = level.find("f:" + *name);
    if (found == level.end()) continue;
    if (node.member && (found->empty() || found->contains("."))) return true;
    if (may_meet(*found, node.below)) return true;
  }
  return false;
}

}  // namespace

OwnedFields OwnedFields::stored(json fields) {
  OwnedFields out;
  out.set_.reset();
  out.stored_ = std::move(fields);
  return out;
}

const FieldSet& OwnedFields::set() const {
  if (!set_) {
    auto read = parse_fields_v1(stored_);
    set_ = read.index() == 0 ? std::get<FieldSet>(std::move(read)) : FieldSet{};
  }
  return *set_;
}

bool OwnedFields::empty() const { return set_ ? set_->empty() : stored_.empty(); }

bool OwnedFields::may_have_any(const FieldSet& fields) const {
  return stored_.is_null() ? !set_->empty() : may_meet(stored_, fields);
}

json OwnedFields::to_json() && { return stored_.is_null() ? fields_v1(*set_) : std::move(stored_); }

}  // namespace fakeapi::cluster::fields

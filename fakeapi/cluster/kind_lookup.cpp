// What can be asked of a row, and of the table.
#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "fakeapi/cluster/columns/printer.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/schema/documents.hpp"

namespace fakeapi::cluster {

bool Kind::allows(std::string_view verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

const Subresource* Kind::subresource(std::string_view name) const {
  for (const Subresource& one : subresources) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string Kind::api_version() const {
  return group.empty() ? version : fmt::format("{}/{}", group, version);
}

std::string Kind::qualified_resource() const {
  return group.empty() ? plural : fmt::format("{}.{}", plural, group);
}

std::string Kind::qualified_kind() const {
  return group.empty() ? kind : fmt::format("{}.{}", kind, group);
}

const schema::Type& Kind::type() const {
  if (custom_type != nullptr) return *custom_type;
  const schema::Types* types = schema::types_of(group, version);
  const schema::Type* found = types != nullptr ? types->find(group, version, kind) : nullptr;
  assert(found != nullptr && "a kind has no schema");
  return *found;
}

const columns::Printer& Kind::printer() const { return custom ? *custom->printer : columns(); }

const Kind* Kinds::find(std::string_view group, std::string_view version,
                        std::string_view plural) const {
  for (const Kind& row : rows_) {
    if (row.served && row.plural == plural && row.group == group && row.version == version)
      return &row;
  }
  return nullptr;
}

const Kind* Kinds::find_kind(std::string_view group, std::string_view version,
                             std::string_view kind) const {
  for (const Kind& row : rows_) {
    if (row.served && row.kind == kind && row.group == group && row.version == version) return &row;
  }
  return nullptr;
}

bool Kinds::serves(std::string_view group, std::string_view version) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Kind& row) {
    return row.served && row.group == group && row.version == version;
  });
}

const Kind& Kinds::of(std::string_view plural, std::string_view group) const {
  for (const Kind& row : rows_) {
    if (row.plural == plural && (row.group == group || group.empty())) return row;
  }
  assert(false && "the table has no such row");
  return rows_.front();
}

Kind& Kinds::add(Kind row) {
  row.index = rows_.size();
  rows_.push_back(std::move(row));
  return rows_.back();
}

}  // namespace fakeapi::cluster

// metadata.managedFields: who owns what. Read from an object, kept by manager, written back in the
// server's order (apimachinery pkg/util/managedfields/internal/managedfields.go).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/fields/owned_fields.hpp"

namespace fakeapi::cluster::fields {

struct ManagerEntry {
  std::string manager;
  bool applied = false;  // operation Apply, otherwise Update
  std::string api_version;
  std::string subresource;
  /// RFC 3339 in UTC, as metav1.Time prints it, so that texts sort as times do; empty for none.
  std::string time;
  OwnedFields owned;

  /// What tells managers apart: all but the time and the set, and for Apply not the version either
  /// (BuildManagerIdentifier). Its order is the order of conflicts in messages.
  std::string identifier() const;
};

/// By identifier.
using Managers = std::map<std::string, ManagerEntry>;

/// metadata.managedFields, or nullptr.
const nlohmann::json* managed_fields_of(const nlohmann::json& object);
/// The same out of the object; null where there is none.
nlohmann::json take_managed_fields(nlohmann::json& object);

/// The entries that a client sent, or why they cannot be read.
std::variant<Managers, std::string> read_managers(const nlohmann::json& entries);
/// Entries that put_managers wrote; sets are read when they are needed.
Managers stored_managers(nlohmann::json entries);
/// An empty list, or a list of one empty entry: the client wants tracking to end.
bool asks_for_reset(const nlohmann::json& entries);

/// Sets metadata.managedFields of an object that has none; nothing when nobody owns anything.
void put_managers(Managers managers, nlohmann::json& object);

/// What validation says of entries that were read well: names too long or not printable
/// (apimachinery pkg/apis/meta/v1/validation, ValidateManagedFields).
FieldErrors validate_managed_fields(const nlohmann::json& object);

}  // namespace fakeapi::cluster::fields

// Entries and their order.
#include "fakeapi/cluster/fields/managers.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/fields_v1.hpp"
#include "fakeapi/cluster/fields/manager_name.hpp"
#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

std::string text_at(const json& entry, const char* key) {
  const auto it = entry.find(key);
  return it != entry.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string entry_error(const json& entry, std::size_t place) {
  const std::string operation = text_at(entry, "operation");
  if (operation != "Apply" && operation != "Update") return "operation must be `Apply` or `Update`";
  if (text_at(entry, "apiVersion").empty()) return "apiVersion must not be empty";
  const std::string type = text_at(entry, "fieldsType");
  if (type.empty()) return fmt::format("missing fieldsType in managed fields entry {}", place);
  if (type != "FieldsV1") {
    return fmt::format("invalid fieldsType {} in managed fields entry {}", go_quoted(type), place);
  }
  return {};
}

ManagerEntry without_set(const json& entry) {
  return {text_at(entry, "manager"),    text_at(entry, "operation") == "Apply",
          text_at(entry, "apiVersion"), text_at(entry, "subresource"),
          text_at(entry, "time"),       {}};
}

std::variant<ManagerEntry, std::string> read_entry(const json& entry, std::size_t place) {
  if (!entry.is_object()) return "managed fields entry is no object";
  if (std::string error = entry_error(entry, place); !error.empty()) return error;
  ManagerEntry out = without_set(entry);
  if (const auto fields = entry.find("fieldsV1"); fields != entry.end()) {
    auto set = parse_fields_v1(*fields);
    if (const std::string* error = std::get_if<std::string>(&set))
      return fmt::format("error decoding versioned set: error decoding set: {}", *error);
    out.owned = OwnedFields(std::get<FieldSet>(std::move(set)));
  }
  return out;
}

json entry_json(ManagerEntry entry) {
  json out = json::object();
  if (!entry.manager.empty()) out["manager"] = entry.manager;
  out["operation"] = entry.applied ? "Apply" : "Update";
  out["apiVersion"] = entry.api_version;
  if (!entry.time.empty()) out["time"] = entry.time;
  out["fieldsType"] = "FieldsV1";
  out["fieldsV1"] = std::move(entry.owned).to_json();
  if (!entry.subresource.empty()) out["subresource"] = entry.subresource;
  return out;
}

// sortEncodedManagedFields: Apply before Update, older before newer.
bool comes_before(const ManagerEntry* left, const ManagerEntry* right) {
  const auto rank = [](const ManagerEntry& entry) {
    return std::tie(entry.time, entry.manager, entry.api_version, entry.subresource);
  };
  if (left->applied != right->applied) return left->applied;
  return rank(*left) < rank(*right);
}

}  // namespace

std::string ManagerEntry::identifier() const {
  std::string out = "{";
  if (!manager.empty()) out += "\"manager\":" + go_json(manager) + ",";
  out += applied ? R"("operation":"Apply")" : R"("operation":"Update")";
  if (!applied && !api_version.empty()) out += ",\"apiVersion\":" + go_json(api_version);
  if (!subresource.empty()) out += ",\"subresource\":" + go_json(subresource);
  return out + "}";
}

const json* managed_fields_of(const json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return nullptr;
  const auto fields = metadata->find("managedFields");
  return fields == metadata->end() ? nullptr : &*fields;
}

json take_managed_fields(json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return nullptr;
  const auto fields = metadata->find("managedFields");
  if (fields == metadata->end()) return nullptr;
  json out = std::move(*fields);
  metadata->erase(fields);
  return out;
}

std::variant<Managers, std::string> read_managers(const json& entries) {
  Managers out;
  if (!entries.is_array()) return out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto entry = read_entry(entries[i], i);
    if (const std::string* error = std::get_if<std::string>(&entry)) return *error;
    std::string identifier = std::get<ManagerEntry>(entry).identifier();
    out.insert_or_assign(std::move(identifier), std::get<ManagerEntry>(std::move(entry)));
  }
  return out;
}

Managers stored_managers(json entries) {
  Managers out;
  if (!entries.is_array()) return out;
  for (json& one : entries) {
    if (!one.is_object()) continue;
    ManagerEntry entry = without_set(one);
    if (const auto fields = one.find("fieldsV1"); fields != one.end())
      entry.owned = OwnedFields::stored(std::move(*fields));
    std::string identifier = entry.identifier();
    out.insert_or_assign(std::move(identifier), std::move(entry));
  }
  return out;
}

void put_managers(Managers managers, json& object) {
  if (managers.empty()) return;
  std::vector<ManagerEntry*> order;
  for (auto& [identifier, entry] : managers) order.push_back(&entry);
  std::sort(order.begin(), order.end(), comes_before);
  json entries = json::array();
  for (ManagerEntry* entry : order) entries.push_back(entry_json(std::move(*entry)));
  object["metadata"]["managedFields"] = std::move(entries);
}

bool asks_for_reset(const json& entries) {
  if (!entries.is_array()) return false;
  if (entries.empty()) return true;
  const json& first = entries.front();
  return entries.size() == 1 && first.is_object() &&
         std::all_of(first.begin(), first.end(), [](const json& value) {
           return value.is_null() ||
                  (value.is_string() && value.get_ref<const std::string&>().empty());
         });
}

FieldErrors validate_managed_fields(const json& object) {
  constexpr std::size_t subresource_bytes_max = 256;  // MaxSubresourceNameLength
  FieldErrors errors;
  const json* entries = managed_fields_of(object);
  if (entries == nullptr || !entries->is_array()) return errors;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const json& entry = (*entries)[i];
    const std::string field = fmt::format("metadata.managedFields[{}]", i);
    for (Cause& cause : validate_field_manager(text_at(entry, "manager"), field + ".manager"))
      errors.push_back(std::move(cause));
    if (text_at(entry, "subresource").size() > subresource_bytes_max) {
      errors.push_back(
          {"FieldValueTooLong",
           fmt::format("Too long: may not be more than {} bytes", subresource_bytes_max),
           field + ".subresource"});
    }
  }
  return errors;
}

}  // namespace fakeapi::cluster::fields

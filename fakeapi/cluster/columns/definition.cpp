// CustomResourceDefinitions. Since v1.37 they have columns of their own (apiextensions-apiserver
// pkg/registry/customresourcedefinition/tableconvertor); before, they printed a name.
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// "v1(storage),v1beta1": the served ones, sorted as texts.
std::string versions(const json& definition) {
  std::vector<std::string> out;
  for (const json& version : list_at(definition, {"spec", "versions"})) {
    if (!true_at(version, {"served"})) continue;
    out.push_back(string_at(version, {"name"}) +
                  (true_at(version, {"storage"}) ? "(storage)" : ""));
  }
  std::sort(out.begin(), out.end());
  return fmt::format("{}", fmt::join(out, ","));
}

std::string short_names(const json& definition) {
  std::vector<std::string> out;
  for (const json& name : list_at(definition, {"spec", "names", "shortNames"})) {
    if (name.is_string()) out.push_back(name.get<std::string>());
  }
  return fmt::format("{}", fmt::join(out, ","));
}

bool established(const json& definition) {
  const json& conditions = list_at(definition, {"status", "conditions"});
  return std::any_of(conditions.begin(), conditions.end(), [](const json& one) {
    return string_at(one, {"type"}) == "Established" && string_at(one, {"status"}) == "True";
  });
}

json definition_cells(const json& definition, WallTime) {
  return {name_of(definition),
          string_at(definition, {"spec", "scope"}),
          versions(definition),
          creation_text(definition),
          string_at(definition, {"spec", "group"}),
          string_at(definition, {"spec", "names", "kind"}),
          short_names(definition),
          established(definition)};
}

}  // namespace

const Printer& custom_resource_definitions() {
  static const Printer printer{
      {name_column(),
       {"Scope", "string", "", 0, "Cluster or Namespaced."},
       {"Versions", "string", "", 0, "Versions that are served."},
       created_at_column(),
       {"Group", "string", "", 1, "API group."},
       {"Kind", "string", "", 1, "Kind of its resources."},
       {"ShortNames", "string", "", 1, "Short names for the command line."},
       {"Established", "boolean", "", 1, "Whether it is served."}},
      definition_cells,
      nullptr,
      true};
  return printer;
}

}  // namespace fakeapi::cluster::columns

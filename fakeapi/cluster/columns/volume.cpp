// PersistentVolumes and the claims on them (printers.go printPersistentVolume and
// printPersistentVolumeClaim).
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

constexpr const char* unset = "<unset>";

// pkg/apis/core/helper, GetAccessModesAsString: always in this order, each once.
std::string access_modes(const json& modes) {
  constexpr std::pair<const char*, const char*> short_names[] = {{"ReadWriteOnce", "RWO"},
                                                                 {"ReadOnlyMany", "ROX"},
                                                                 {"ReadWriteMany", "RWX"},
                                                                 {"ReadWriteOncePod", "RWOP"}};
  std::string out;
  for (const auto& [mode, text] : short_names) {
    if (std::find(modes.begin(), modes.end(), mode) == modes.end()) continue;
    if (!out.empty()) out += ',';
    out += text;
  }
  return out;
}

// pkg/apis/core/helper, GetPersistentVolumeClass: the annotation was there before the field.
std::string storage_class(const json& object) {
  constexpr const char* annotation = "volume.beta.kubernetes.io/storage-class";
  const bool annotated = present(object, {"metadata", "annotations", annotation});
  return annotated ? string_at(object, {"metadata", "annotations", annotation})
                   : string_at(object, {"spec", "storageClassName"});
}

std::string phase(const json& object) {
  return present(object, {"metadata", "deletionTimestamp"})
             ? "Terminating"
             : string_at(object, {"status", "phase"});
}

std::string or_unset(const json& object, Path path) {
  return present(object, path) ? string_at(object, path) : unset;
}

std::string claim_of(const json& volume) {
  if (!present(volume, {"spec", "claimRef"})) return {};
  return string_at(volume, {"spec", "claimRef", "namespace"}) + "/" +
         string_at(volume, {"spec", "claimRef", "name"});
}

json volume_cells(const json& volume, WallTime now) {
  return {name_of(volume),
          quantity_at(volume, {"spec", "capacity", "storage"}),
          access_modes(list_at(volume, {"spec", "accessModes"})),
          string_at(volume, {"spec", "persistentVolumeReclaimPolicy"}),
          phase(volume),
          claim_of(volume),
          storage_class(volume),
          or_unset(volume, {"spec", "volumeAttributesClassName"}),
          string_at(volume, {"status", "reason"}),
          age_of_object(volume, now),
          or_unset(volume, {"spec", "volumeMode"})};
}

// What the claim has got, which is nothing before it is bound to a volume.
json claim_cells(const json& claim, WallTime now) {
  const std::string volume = string_at(claim, {"spec", "volumeName"});
  const bool bound = !volume.empty();
  return {name_of(claim),
          phase(claim),
          volume,
          bound ? quantity_at(claim, {"status", "capacity", "storage"}) : "",
          bound ? access_modes(list_at(claim, {"status", "accessModes"})) : "",
          storage_class(claim),
          or_unset(claim, {"spec", "volumeAttributesClassName"}),
          age_of_object(claim, now),
          or_unset(claim, {"spec", "volumeMode"})};
}

Column text(const char* name, const char* description) {
  return {name, "string", "", 0, description};
}

Column mode_column() { return {"VolumeMode", "string", "", 1, "Filesystem or block device."}; }

}  // namespace

const Printer& persistent_volumes() {
  static const Printer printer{
      {name_column(), text("Capacity", "How much it holds."),
       text("Access Modes", "How it can be mounted."),
       text("Reclaim Policy", "What becomes of it when its claim goes."),
       text("Status", "Phase of its life."), text("Claim", "What it is bound to."),
       text("StorageClass", "Class it belongs to."),
       text("VolumeAttributesClass", "Class of its attributes."),
       text("Reason", "Why it is in its phase."), age_column(), mode_column()},
      volume_cells};
  return printer;
}

const Printer& persistent_volume_claims() {
  static const Printer printer{
      {name_column(), text("Status", "Phase of its life."), text("Volume", "What it is bound to."),
       text("Capacity", "How much it has got."), text("Access Modes", "How it can be mounted."),
       text("StorageClass", "Class it asks for."),
       text("VolumeAttributesClass", "Class of its attributes."), age_column(), mode_column()},
      claim_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns

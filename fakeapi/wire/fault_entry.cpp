#include "fakeapi/wire/fault_entry.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/scenario/fault/json.hpp"
#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::wire {

nlohmann::ordered_json to_json(const FaultPlan::Entry& entry) {
  nlohmann::ordered_json out = {{"name", entry.fault->name}};
  out.update(fault::to_json(*entry.fault));
  out["faithfulness"] = fault::to_string(fault::faithfulness(entry.fault->action));
  out["matched"] = entry.matched;
  out["met"] = entry.met;
  return out;
}

}  // namespace fakeapi::wire

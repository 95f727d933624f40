#include "fakeapi/cluster/controllers/definition_controller.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/custom/definition.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// The real controllers are in the API server itself and take a few milliseconds.
constexpr Duration definition_lag = std::chrono::milliseconds(1);
constexpr const char* finalizer = "customresourcecleanup.apiextensions.k8s.io";

bool is_definition(const Kind& kind) { return kind.plural == "customresourcedefinitions"; }

json condition(const char* type, const char* reason, const char* message,
               const std::string& since) {
  return {{"type", type},
          {"status", "True"},
          {"reason", reason},
          {"message", message},
          {"lastTransitionTime", since}};
}

bool is_established(const json& definition) {
  const json status = definition.value("status", json::object());
  const auto conditions = rules::elements(status, "conditions");
  return std::any_of(conditions.begin(), conditions.end(), [](const json& one) {
    return one.value("type", "") == "Established" && one.value("status", "") == "True";
  });
}

}  // namespace

DefinitionController::DefinitionController(Store& store, Registry& registry)
    : Controller(store, registry, definition_lag) {}

void DefinitionController::observe(Instant now, const Kind& kind, const Event& event) {
  if (!is_definition(kind)) return;
  if (event.type == EventType::deleted) {
    custom::withdraw(store_.kinds(), event.object->uid());
    return;
  }
  queue_.add(now, {{}, event.object->name()});
}

void DefinitionController::reconcile(Instant now, const Key& key) {
  const ObjectPtr definition =
      store_.find(store_.kinds().of("customresourcedefinitions"), {}, key.name);
  if (!definition) return;
  if (definition->json().at("metadata").contains("deletionTimestamp")) {
    finalize(now, *definition);
  } else {
    establish(now, *definition);
  }
}

void DefinitionController::establish(Instant now, const Object& definition) {
  custom::serve(store_.kinds(), definition.json());
  const Kind& kind = store_.kinds().of("customresourcedefinitions");
  json object = definition.json();
  json names = object["spec"]["names"];
  json& status = rules::object_at(object, "status");
  const bool same = is_established(object) && status.value("acceptedNames", json()) == names;
  if (same) return;
  status["acceptedNames"] = std::move(names);
  if (!is_established(object)) {
    const std::string since = registry_.timestamp(now);
    status["conditions"] =
        json::array({condition("NamesAccepted", "NoConflicts", "no conflicts found", since),
                     condition("Established", "InitialNamesAccepted",
                               "the initial names have been accepted", since)});
  }
  WriteOptions options;
  options.manager = "kube-apiserver";
  options.subresource = "status";
  object["metadata"]["finalizers"] = json::array({finalizer});
  registry_.update(now, kind, {}, definition.name(), std::move(object), options);
}

void DefinitionController::finalize(Instant now, const Object& definition) {
  for (const Kind* row : custom::rows_of(store_.kinds(), definition.uid())) {
    std::vector<ObjectPtr> objects;
    store_.visit(*row, {}, [&](const ObjectPtr& object) { objects.push_back(object); });
    for (const ObjectPtr& object : objects) registry_.erase(*row, object);
  }
  json object = definition.json();
  object["metadata"].erase("finalizers");
  registry_.update(now, store_.kinds().of("customresourcedefinitions"), {}, definition.name(),
                   std::move(object));
}

}  // namespace fakeapi::cluster

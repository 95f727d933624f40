// What apiextensions-apiserver does with a CustomResourceDefinition once it is stored: accepts its
// names, serves its versions, and empties them before it goes (pkg/controller/{status,establish,
// finalizer}).
#pragma once

#include "fakeapi/cluster/controllers/controller.hpp"

namespace fakeapi::cluster {

class DefinitionController final : public Controller {
 public:
  DefinitionController(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  void reconcile(Instant now, const Key& key) override;
  void establish(Instant now, const Object& definition);
  void finalize(Instant now, const Object& definition);
};

}  // namespace fakeapi::cluster

// Endpoints written by hand, of a Service without a selector -> EndpointSlices
// (kube-controller-manager: pkg/controller/endpointslicemirroring; recording:
// traces/selectorless-mirrored.json).
#pragma once

#include "fakeapi/cluster/controllers/controller.hpp"

namespace fakeapi::cluster {

class MirroringController final : public Controller {
 public:
  MirroringController(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  void reconcile(Instant now, const Key& key) override;
};

}  // namespace fakeapi::cluster

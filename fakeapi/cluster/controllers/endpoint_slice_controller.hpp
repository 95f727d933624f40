// Pods and Services -> EndpointSlices (staging/src/k8s.io/endpointslice, the reconciler).
#pragma once

#include "fakeapi/cluster/controllers/backends.hpp"
#include "fakeapi/cluster/controllers/controller.hpp"

namespace fakeapi::cluster {

class EndpointSliceController final : public Controller {
 public:
  EndpointSliceController(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  void reconcile(Instant now, const Key& key) override;

  backends::TriggerTimes trigger_times_;
  bool writing_ = false;  // the changes seen now are our own
};

}  // namespace fakeapi::cluster

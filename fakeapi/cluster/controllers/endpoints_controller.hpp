// Pods and Services -> v1 Endpoints (kube-controller-manager: pkg/controller/endpoint).
#pragma once

#include "fakeapi/cluster/controllers/backends.hpp"
#include "fakeapi/cluster/controllers/controller.hpp"

namespace fakeapi::cluster {

class EndpointsController final : public Controller {
 public:
  EndpointsController(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  void reconcile(Instant now, const Key& key) override;
  nlohmann::json subsets_of(const Object& service, const std::vector<ObjectPtr>& pods) const;

  backends::TriggerTimes trigger_times_;
};

}  // namespace fakeapi::cluster

// What ends after something else ended: dependents whose owners are gone, and the content of a
// deleted Namespace.
#pragma once

#include <map>
#include <set>
#include <string>

#include "fakeapi/cluster/controllers/controller.hpp"

namespace fakeapi::cluster {

/// Deletes an object when the last of its owners is gone (metadata.ownerReferences; documentation,
/// "Garbage Collection"). An owner that is deleted in the foreground goes after its dependents; one
/// that leaves orphans is taken out of their ownerReferences first.
class GarbageCollector final : public Controller {
 public:
  GarbageCollector(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  struct Dependent {
    std::size_t kind_index;
    std::string namespace_name, name;
    auto operator<=>(const Dependent&) const = default;
  };
  void reconcile(Instant now, const Key& key) override;  // the key's name is an owner's uid
  void release(Instant now, const std::string& uid, const Dependent& owner,
               const std::set<Dependent>& dependents);
  void erase_orphans(const std::set<Dependent>& dependents);
  ObjectPtr find(const Dependent& one) const;
  const Kind& kind_of(const Dependent& one) const { return store_.kinds().all()[one.kind_index]; }

  std::map<std::string, Dependent> living_;                // every object, by uid
  std::map<std::string, std::set<Dependent>> dependents_;  // by owner's uid
};

/// Empties a Namespace that is Terminating and then removes it. Pods in it are not waited for.
class NamespaceController final : public Controller {
 public:
  NamespaceController(Store& store, Registry& registry);
  void observe(Instant now, const Kind& kind, const Event& event) override;

 private:
  void reconcile(Instant now, const Key& key) override;
};

}  // namespace fakeapi::cluster

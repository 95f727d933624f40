// The subsets of an Endpoints object: the fewest that say which address offers which port
// (pkg/api/v1/endpoints/util.go RepackSubsets), and their limit of 1000 addresses.
#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster {

class SubsetPacker {
 public:
  SubsetPacker();
  ~SubsetPacker();
  SubsetPacker(const SubsetPacker&) = delete;
  SubsetPacker& operator=(const SubsetPacker&) = delete;

  /// `port` is null for an address without ports. An address that is added both ready and not ready
  /// is not ready.
  void add(const nlohmann::json& address, bool ready, const nlohmann::json& port);

  /// Ports that the same addresses offer, alike ready, share a subset. Addresses come in the order
  /// of their text.
  nlohmann::json subsets() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Cuts to 1000 addresses, ready ones first, in proportion to the subsets' sizes; whether anything
/// was cut.
bool truncate_subsets(nlohmann::json& subsets);

}  // namespace fakeapi::cluster

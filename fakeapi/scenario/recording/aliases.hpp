// New names for old ones, given in the order of asking and kept.
#pragma once

#include <map>
#include <string>
#include <utility>

namespace fakeapi::scenario::recording {

/// One namespace of names each: a Node may be called as a Service is, and is another thing.
enum class Of {
  namespaces,
  services,
  nodes,
  pods,
  slices,
  containers,
  ports,
  hosts,
  values,
  keys,
  gates
};

class Aliases {
 public:
  /// The alias; a new one, "value-3", where the name has none yet.
  std::string name(Of of, const std::string& original);
  /// The alias of a Pod or slice of a Service, "pod-a-1"; `service` is an original name.
  std::string member(Of of, const std::string& original, const std::string& service);
  /// Whether the name has been given an alias.
  bool knows(Of of, const std::string& original) const;

  /// An address of Pods and Nodes, or of Services; what is no address ("None") stays.
  std::string address(const std::string& original);
  std::string cluster_address(const std::string& original);

 private:
  std::string address_in(const std::string& original, const char* v4, const char* v6);
  std::string letters_of(const std::string& service);

  std::map<std::pair<Of, std::string>, std::string> names_;
  std::map<std::pair<Of, std::string>, std::size_t> counts_;  // by the words before the number
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::size_t> address_counts_;
};

}  // namespace fakeapi::scenario::recording

#include "fakeapi/scenario/recording/aliases.hpp"

#include <fmt/format.h>

namespace fakeapi::scenario::recording {
namespace {

const char* word(Of of) {
  switch (of) {
    case Of::namespaces:
      return "ns-";
    case Of::services:
      return "service-";
    case Of::nodes:
      return "node-";
    case Of::pods:
      return "pod-";
    case Of::slices:
      return "slice-";
    case Of::containers:
      return "container-";
    case Of::ports:
      return "port-";
    case Of::hosts:
      return "host-";
    case Of::values:
      return "value-";
    case Of::keys:
      return "label-";
    case Of::gates:
      return "example.com/gate-";
  }
  return "";
}

// a to z, aa, ab and so on; `number` counts from 1.
std::string letters(std::size_t number) {
  std::string text;
  for (; number > 0; number = (number - 1) / 26) {
    text.insert(text.begin(), static_cast<char>('a' + (number - 1) % 26));
  }
  return text;
}

}  // namespace

std::string Aliases::name(Of of, const std::string& original) {
  if (original.empty()) return original;
  const auto [found, is_new] = names_.try_emplace({of, original});
  if (is_new) {
    const std::size_t number = ++counts_[{of, ""}];
    found->second = word(of) + (of == Of::services ? letters(number) : fmt::format("{}", number));
  }
  return found->second;
}

std::string Aliases::letters_of(const std::string& service) {
  return name(Of::services, service).substr(std::string(word(Of::services)).size());
}

std::string Aliases::member(Of of, const std::string& original, const std::string& service) {
  if (service.empty()) return name(of, original);
  const std::string letter = letters_of(service);
  const auto [found, is_new] = names_.try_emplace({of, original});
  if (is_new) found->second = fmt::format("{}{}-{}", word(of), letter, ++counts_[{of, letter}]);
  return found->second;
}

bool Aliases::knows(Of of, const std::string& original) const {
  return names_.count({of, original}) > 0;
}

std::string Aliases::address_in(const std::string& original, const char* v4, const char* v6) {
  const bool is_v6 = original.find(':') != std::string::npos;
  if (!is_v6 && original.find('.') == std::string::npos) return original;
  const auto [found, is_new] = addresses_.try_emplace(original);
  if (!is_new) return found->second;
  const std::string prefix = is_v6 ? v6 : v4;
  const std::size_t number = ++address_counts_[prefix];
  // Without .0 and .255, which look like addresses of no host.
  found->second = is_v6
                      ? fmt::format("{}{:x}", prefix, number)
                      : fmt::format("{}{}.{}", prefix, (number - 1) / 254, (number - 1) % 254 + 1);
  return found->second;
}

std::string Aliases::address(const std::string& original) {
  return address_in(original, "10.20.", "fd00:10:20::");
}

std::string Aliases::cluster_address(const std::string& original) {
  return address_in(original, "10.96.", "fd00:10:96::");
}

}  // namespace fakeapi::scenario::recording

#include "fakeapi/run/record_rights.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fakeapi::run {
namespace {

constexpr const char* resources = "services,pods,endpoints,endpointslices.discovery.k8s.io";

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& one : list) text += (text.empty() ? "" : ", ") + one;
  return text;
}

/// The user's name as the server tells it: `User "jane" cannot list ...`.
std::string user_in(const std::string& said) {
  const std::string before = "User \"";
  const auto begin = said.find(before);
  if (begin == std::string::npos) return "USER";
  const auto end = said.find('"', begin + before.size());
  return said.substr(begin + before.size(), end - begin - before.size());
}

/// The command of kubectl that makes a Role and binds it, in a namespace or, for "", everywhere.
std::string grant(const std::string& namespace_name, const std::string& user) {
  const bool everywhere = namespace_name.empty();
  const std::string in = everywhere ? "kubectl" : "kubectl -n " + namespace_name;
  const std::string role = everywhere ? "clusterrole" : "role";
  return fmt::format(
      "{0} create {1} fakeapi-record --verb=list,watch --resource={2} && {0} create {1}binding "
      "fakeapi-record --{1}=fakeapi-record --user={3}",
      in, role, resources, user);
}

}  // namespace

std::string missing_rights(const std::string& said, const std::vector<client::Watched>& forbidden) {
  std::vector<std::string> missing;
  std::vector<std::string> places;
  for (const client::Watched& one : forbidden) {
    add_once(missing, one.plural + " " + one.place());
    add_once(places, one.namespace_name);
  }
  std::vector<std::string> grants;
  for (const std::string& place : places) grants.push_back(grant(place, user_in(said)));
  std::string commands;
  for (const std::string& one : grants) commands += (commands.empty() ? "" : " && ") + one;
  return fmt::format("{}; missing is the right to list and watch {}; to grant it: {}", said,
                     joined(missing), commands);
}

}  // namespace fakeapi::run

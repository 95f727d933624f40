#include "fakeapi/run/server_parts.hpp"

#include <array>
#include <ctime>
#include <sys/random.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "fakeapi/run/sandbox.hpp"

namespace fakeapi::run {
namespace {

bool is_address(const std::string& name) {
  return name.find(':') != std::string::npos ||
         name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw Failure{ExitCode::internal, "the system gives no random bytes"};
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

std::string account_name(const AccessFiles& files) {
  return "system:serviceaccount:" + files.namespace_name + ":default";
}

AccessFiles make_files(const scenario::Scenario& scenario, const ServerOptions& options) {
  AccessFiles files;
  files.namespace_name = scenario.namespace_name;
  files.admin_token = random_token();
  files.nobody_token = random_token();
  files.serviceaccount_token = random_token();
  files.account_is_current = options.account_is_current.value_or(false);
  return files;
}

server::Identity make_identity(const ServerOptions& options) {
  std::vector<std::string> hosts;
  std::vector<std::string> addresses;
  for (const std::string& name : options.names)
    (is_address(name) ? addresses : hosts).push_back(name);
  const auto not_before = static_cast<std::int64_t>(std::time(nullptr)) - 60;
  auto made = server::make_identity(not_before, hosts, addresses);
  if (const auto* error = std::get_if<server::IdentityError>(&made)) {
    throw Failure{options.names.empty() ? ExitCode::internal : ExitCode::usage,
                  "cannot make a certificate: " + error->message};
  }
  return std::get<server::Identity>(std::move(made));
}

cluster::Options cluster_options(const AccessFiles& files, const ServerOptions& options,
                                 const scenario::Scenario& scenario, std::uint64_t seed) {
  using Rights = cluster::User::Rights;
  cluster::Options made;
  made.seed = seed;
  made.wall_time =
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now() - settled);
  made.users = {
      {files.admin_token, "admin", {"system:masters"}, Rights::everything},
      {files.nobody_token, "nobody", {}, Rights::nothing},
      {files.serviceaccount_token,
       account_name(files),
       {"system:serviceaccounts", "system:serviceaccounts:" + files.namespace_name},
       Rights::read_endpoints},
  };
  made.nodes = scenario.nodes;
  made.watch_list = options.watch_list;
  made.allow_loopback_addresses = options.pods == PodNetwork::loopback;
  return made;
}

/// Who listens at all addresses is reached at the loopback one, which the certificate names.
std::string url_of(const std::string& address, std::uint16_t port) {
  if (address == "0.0.0.0") return url_of("127.0.0.1", port);
  if (address == "::") return url_of("::1", port);
  const bool v6 = address.find(':') != std::string::npos;
  return fmt::format("https://{}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

scenario::Scenario only_faithful(scenario::Scenario scenario, fault::Faithfulness only) {
  std::erase_if(scenario.faults, [&](const fault::Fault& fault) {
    return fault::faithfulness(fault.action) > only;
  });
  return scenario;
}

void check_pod_network(PodNetwork pods, const scenario::Scenario& scenario) {
  if (pods != PodNetwork::real || !anything_listens(scenario) || pod_network_is_here()) return;
  throw Failure{
      ExitCode::usage,
      fmt::format("the scenario's Pods listen at addresses of {}, which this machine does not "
                  "have: run this and its clients inside `fakeapi sandbox -- COMMAND`, or use "
                  "--pods=loopback (127.20.x.y addresses) or --pods=none (nothing listens)",
                  pod_network)};
}

}  // namespace fakeapi::run

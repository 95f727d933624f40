// What a ClusterServer is made of before it runs: tokens, certificates, and the cluster's options.
// Whatever cannot be had is thrown as a Failure, which ends in ClusterServer::start().
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/run/access_files.hpp"
#include "fakeapi/run/cluster_server.hpp"
#include "fakeapi/server/identity.hpp"

namespace fakeapi::run {

/// The cluster is so old when the scenario's zero is told to anybody: the controllers have written
/// what the first steps ask for, and no client can see a half-made world.
inline constexpr auto settled = std::chrono::milliseconds(50);

std::string random_token();
/// The user that the service account's token stands for.
std::string account_name(const AccessFiles& files);
AccessFiles make_files(const scenario::Scenario& scenario, const ServerOptions& options);
server::Identity make_identity(const ServerOptions& options);
cluster::Options cluster_options(const AccessFiles& files, const ServerOptions& options,
                                 const scenario::Scenario& scenario, std::uint64_t seed);
/// Where clients of this machine reach a listener.
std::string url_of(const std::string& address, std::uint16_t port);
scenario::Scenario only_faithful(scenario::Scenario scenario, fault::Faithfulness only);
void check_pod_network(PodNetwork pods, const scenario::Scenario& scenario);

}  // namespace fakeapi::run

// The printers of the built-in kinds, for the rows of cluster/kinds.cpp. The rules are those of
// kubernetes pkg/printers/internalversion/printers.go, with wide output, as the API server asks its
// printers for.
#pragma once

#include "fakeapi/cluster/columns/printer.hpp"

namespace fakeapi::cluster::columns {

const Printer& namespaces();
const Printer& nodes();
const Printer& pods();
const Printer& services();
const Printer& endpoints();
const Printer& endpoint_slices();
const Printer& config_maps();
const Printer& secrets();
const Printer& service_accounts();
/// v1 and events.k8s.io/v1 alike: it reads the field names of both.
const Printer& events();
const Printer& leases();
const Printer& deployments();
const Printer& replica_sets();
const Printer& stateful_sets();
const Printer& daemon_sets();
const Printer& jobs();
const Printer& role_bindings();
const Printer& cluster_role_bindings();
const Printer& custom_resource_definitions();
/// Name and time of creation: what Roles and ClusterRoles have, and any kind without own columns
/// (apiserver registry/rest/table.go).
const Printer& name_and_creation();

}  // namespace fakeapi::cluster::columns

// The printer of a custom resource: columns and paths from its CustomResourceDefinition.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/columns/printer.hpp"

namespace fakeapi::cluster::columns {

/// `additional_printer_columns` of one version: a list of {name, type, format, description,
/// priority, jsonPath}. Null and the empty list mean Name and Age. From the first path that cannot
/// be parsed on there are no columns, as kube-apiserver serves such a definition (it only checks
/// that a path starts with a dot).
Printer custom_resources(const nlohmann::json& additional_printer_columns);

}  // namespace fakeapi::cluster::columns

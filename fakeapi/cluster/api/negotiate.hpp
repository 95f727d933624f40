// Which representation a client wants and which one it sent (apiserver
// endpoints/handlers/negotiation).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cluster {

enum class Representation { json, aggregated_discovery };

/// The first clause of Accept that this server can answer; nothing means 406. `discovery` paths
/// also know the aggregated form. Clauses that ask for a projection (as=Table) or for protobuf are
/// passed over.
std::optional<Representation> accepted(std::optional<std::string_view> accept, bool discovery);

/// A media type without its parameters, in lower case.
std::string media_type(std::string_view content_type);

}  // namespace fakeapi::cluster

// OpenAPI 2.0 in protobuf: the message openapi.v2.Document of gnostic (openapiv2/OpenAPIv2.proto),
// which kubectl reads.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::protobuf {

/// The document as the bytes that gnostic's ParseDocument and proto.Marshal make of it. What the
/// message has no field for is left out.
std::string swagger_bytes(const nlohmann::json& document);

}  // namespace fakeapi::cluster::protobuf

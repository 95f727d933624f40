// Bodies in protobuf, which typed Go clients send: the `k8s\0` envelope, and inside it a message
// that is read by a table of fields, whatever its kind (apimachinery runtime/serializer/protobuf).
// Nothing is encoded: these clients take JSON as an answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::protobuf {

inline constexpr std::string_view media_type = "application/vnd.kubernetes.protobuf";

/// What the envelope says, and the bytes inside.
struct Envelope {
  std::string api_version;
  std::string kind;
  std::string_view raw;
};

/// Errors are texts, as Go's decoder words them.
std::optional<Envelope> open(std::string_view body);

/// The message that holds a value of this type (of a recorded document), as JSON, every field that
/// was sent included; schema::decode then makes it what JSON would have been. Nothing when the
/// bytes are no such message.
std::optional<nlohmann::json> decode(const schema::Type& type, std::string_view raw);

}  // namespace fakeapi::cluster::protobuf

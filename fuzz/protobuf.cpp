// Bodies in protobuf: the envelope, the message that its kind names, and decoding what came out.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/protobuf/decode.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fuzz/check.hpp"

namespace {

using namespace fakeapi::cluster;
using nlohmann::json;

const Kind* kind_of(const Kinds& kinds, const protobuf::Envelope& envelope) {
  const std::size_t slash = envelope.api_version.find('/');
  if (slash == std::string::npos) return kinds.find_kind("", envelope.api_version, envelope.kind);
  return kinds.find_kind(envelope.api_version.substr(0, slash),
                         envelope.api_version.substr(slash + 1), envelope.kind);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Kinds kinds;
  const std::string_view body = fuzz::text_of(data, size);
  const auto envelope = protobuf::open(body);
  if (!envelope) return 0;
  protobuf::decode(*schema::types_of("", "v1")->find("", "v1", "DeleteOptions"), envelope->raw);
  const Kind* kind = kind_of(kinds, *envelope);
  if (kind == nullptr) return 0;
  auto value = protobuf::decode(kind->type(), envelope->raw);
  if (!value) return 0;
  fuzz::check(value->is_object(), "a message is an object");
  if (schema::decode(kind->type(), *value).error) return 0;
  json again = *value;
  const auto decoded = schema::decode(kind->type(), again);
  fuzz::check(!decoded.error && decoded.unknown.empty(), "what was decoded is of its type",
              decoded.error.value_or(""));
  fuzz::check(again == *value, "decoding what was decoded changes nothing",
              wire_text(*value) + "\n" + wire_text(again));
  return 0;
}

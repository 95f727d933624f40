// The wire format of protobuf: tags, varints and lengths (protobuf.dev, "Encoding").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fakeapi::cluster::protobuf {

/// One field as it stands on the wire.
struct WireField {
  std::uint32_t number = 0;
  enum class Type { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 } type = Type::varint;
  std::uint64_t value = 0;  // of a varint or a fixed number
  std::string_view bytes;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  /// Nothing when what follows is no field.
  std::optional<WireField> next();
  std::optional<std::uint64_t> varint();

 private:
  std::optional<std::uint64_t> fixed(std::size_t size);
  std::string_view rest_;
};

}  // namespace fakeapi::cluster::protobuf

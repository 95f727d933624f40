#include "fakeapi/cluster/protobuf/wire.hpp"

namespace fakeapi::cluster::protobuf {

std::optional<std::uint64_t> WireReader::varint() {
  constexpr unsigned bits_max = 64;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits_max && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> WireReader::fixed(std::size_t size) {
  if (rest_.size() < size) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = (value << 8U) | static_cast<unsigned char>(rest_[i - 1]);
  rest_.remove_prefix(size);
  return value;
}

std::optional<WireField> WireReader::next() {
  const auto tag = varint();
  if (!tag || *tag >> 3U == 0 || *tag >> 3U > 0x1fffffffU) return std::nullopt;
  WireField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3U);
  std::optional<std::uint64_t> value;
  switch (*tag & 7U) {
    case 0:
      value = varint();
      break;
    case 1:
      field.type = WireField::Type::fixed64;
      value = fixed(8);
      break;
    case 2:
      field.type = WireField::Type::bytes;
      value = varint();
      if (!value || *value > rest_.size()) return std::nullopt;
      field.bytes = rest_.substr(0, static_cast<std::size_t>(*value));
      rest_.remove_prefix(field.bytes.size());
      break;
    case 5:
      field.type = WireField::Type::fixed32;
      value = fixed(4);
      break;
    default:  // groups are not used
      return std::nullopt;
  }
  if (!value) return std::nullopt;
  field.value = *value;
  return field;
}

}  // namespace fakeapi::cluster::protobuf

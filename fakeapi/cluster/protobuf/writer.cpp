#include "fakeapi/cluster/protobuf/writer.hpp"

#include <bit>
#include <utility>

#include "fakeapi/cluster/protobuf/wire.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

std::uint64_t tag(std::uint32_t number, WireField::Type type) {
  return (static_cast<std::uint64_t>(number) << 3U) | static_cast<std::uint64_t>(type);
}

}  // namespace

void WireWriter::put_varint(std::uint64_t value) {
  for (; value > 0x7fU; value >>= 7U) out_ += static_cast<char>((value & 0x7fU) | 0x80U);
  out_ += static_cast<char>(value);
}

void WireWriter::varint(std::uint32_t number, std::uint64_t value) {
  put_varint(tag(number, WireField::Type::varint));
  put_varint(value);
}

void WireWriter::fixed64(std::uint32_t number, double value) {
  put_varint(tag(number, WireField::Type::fixed64));
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8U) out_ += static_cast<char>(bits & 0xffU);
}

void WireWriter::bytes(std::uint32_t number, std::string_view value) {
  put_varint(tag(number, WireField::Type::bytes));
  put_varint(value.size());
  out_ += value;
}

std::string WireWriter::take() { return std::exchange(out_, {}); }

}  // namespace fakeapi::cluster::protobuf

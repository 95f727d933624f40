// The wire format of protobuf, written (protobuf.dev, "Encoding"). Fields come out in the order of
// the calls; the other way round is wire.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fakeapi::cluster::protobuf {

class WireWriter {
 public:
  void varint(std::uint32_t number, std::uint64_t value);
  /// A double.
  void fixed64(std::uint32_t number, double value);
  /// A string, bytes, or a message that was written before.
  void bytes(std::uint32_t number, std::string_view value);

  /// What was written. The writer is empty afterwards.
  std::string take();

 private:
  void put_varint(std::uint64_t value);
  std::string out_;
};

}  // namespace fakeapi::cluster::protobuf

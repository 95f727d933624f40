#include "fakeapi/cluster/protobuf/writer.hpp"

#include <bit>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/cluster/protobuf/wire.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

using Type = WireField::Type;

// protobuf.dev, "Encoding": the examples of the page, field 1 with 150 and field 2 with "testing".
TEST(WireWriter, WritesTheExamplesOfTheSpecification) {
  WireWriter writer;
  writer.varint(1, 150);
  writer.bytes(2, "testing");
  EXPECT_EQ(writer.take(), "\x08\x96\x01\x12\x07testing");
  EXPECT_EQ(writer.take(), "");
}

// IEEE 754: 1.0 is sign 0, exponent 1023, fraction 0; little endian on the wire.
TEST(WireWriter, WritesADoubleFromItsLowestByte) {
  WireWriter writer;
  writer.fixed64(1, 1.0);
  EXPECT_EQ(writer.take(), std::string("\x09\0\0\0\0\0\0\xf0\x3f", 9));
}

RC_GTEST_PROP(WireWriter, WhatIsWrittenIsWhatIsRead,
              (std::uint64_t number, double fraction, std::string text)) {
  // Field numbers end at 2^29 - 1.
  const auto field = static_cast<std::uint32_t>(number % 0x1fffffffU) + 1U;
  WireWriter writer;
  writer.varint(field, number);
  writer.fixed64(field, fraction);
  writer.bytes(field, text);
  const std::string bytes = writer.take();
  WireReader reader(bytes);
  const auto first = reader.next();
  RC_ASSERT(first && first->number == field && first->type == Type::varint);
  RC_ASSERT(first->value == number);
  const auto second = reader.next();
  RC_ASSERT(second && second->type == Type::fixed64);
  RC_ASSERT(second->value == std::bit_cast<std::uint64_t>(fraction));
  const auto third = reader.next();
  RC_ASSERT(third && third->type == Type::bytes && third->bytes == text);
  RC_ASSERT(reader.done());
}

}  // namespace
}  // namespace fakeapi::cluster::protobuf

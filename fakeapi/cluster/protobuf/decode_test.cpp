// Protobuf bodies against their JSON twins (fakeapi/tests/protobuf: each object as a Go client
// sends it, in both forms).
#include "fakeapi/cluster/protobuf/decode.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

using nlohmann::json;

const std::string folder = PROJECT_SOURCE_DIR "/fakeapi/tests/protobuf/";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Samples : public ::testing::TestWithParam<const char*> {};

TEST_P(Samples, EqualTheirJsonTwins) {
  const std::string body = read(folder + GetParam() + ".bin");
  json twin = json::parse(read(folder + GetParam() + ".json"));
  const auto envelope = open(body);
  ASSERT_TRUE(envelope.has_value());
  EXPECT_EQ(envelope->kind, twin["kind"]);
  EXPECT_EQ(envelope->api_version, twin["apiVersion"]);
  const Kinds kinds;
  const std::size_t slash = envelope->api_version.find('/');
  const bool core = slash == std::string::npos;
  const Kind* kind =
      kinds.find_kind(core ? "" : envelope->api_version.substr(0, slash),
                      core ? "v1" : envelope->api_version.substr(slash + 1), envelope->kind);
  ASSERT_NE(kind, nullptr);
  auto value = decode(kind->type(), envelope->raw);
  ASSERT_TRUE(value.has_value());
  (*value)["kind"] = envelope->kind;
  (*value)["apiVersion"] = envelope->api_version;
  // Both as the type writes them: JSON leaves out what protobuf sends as empty.
  EXPECT_FALSE(schema::decode(kind->type(), *value).error);
  EXPECT_FALSE(schema::decode(kind->type(), twin).error);
  EXPECT_EQ(*value, twin);
}

INSTANTIATE_TEST_SUITE_P(Recorded, Samples,
                         ::testing::Values("configmap", "deployment", "endpoints", "endpointslice",
                                           "event", "event-v1", "lease", "pod", "secret",
                                           "service"));

TEST(Protobuf, DeleteOptionsAreReadFromTheirMessage) {
  const std::string body = read(folder + "deleteoptions.bin");
  const json twin = json::parse(read(folder + "deleteoptions.json"));
  const auto value =
      decode(*schema::types_of("", "v1")->find("", "v1", "DeleteOptions"), open(body)->raw);
  ASSERT_TRUE(value.has_value());
  for (const char* key : {"gracePeriodSeconds", "preconditions", "propagationPolicy", "dryRun"}) {
    if (!twin.contains(key)) continue;
    EXPECT_EQ(value->value(key, json()), twin[key]) << key;
  }
}

// What is cut off is refused or is a shorter message; nothing is read behind the end.
TEST(Protobuf, SurvivesAnyCutAndAnyBytes) {
  const std::string body = read(folder + "pod.bin");
  const schema::Type& pod = *schema::types_of("", "v1")->find("", "v1", "Pod");
  for (std::size_t size = 0; size < body.size(); ++size) {
    if (const auto envelope = open(std::string_view(body).substr(0, size)))
      decode(pod, envelope->raw);
  }
  EXPECT_TRUE(rc::check("any bytes", [&pod] {
    const auto bytes = *rc::gen::arbitrary<std::string>();
    decode(pod, bytes);
    open(std::string("k8s\0", 4) + bytes);
  }));
}

std::string field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

// Go's decoder takes any bytes for a string; what is stored must be writable as JSON.
TEST(Protobuf, BytesThatAreNoUtf8AreReplaced) {
  const Kinds kinds;
  const std::string entry = field(1, "\xffk") + field(2, "v\xfe");
  const std::string body = field(1, field(1, "\xff")) + field(2, entry);
  const auto value = decode(kinds.of("configmaps").type(), body);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ((*value)["metadata"]["name"], "\ufffd");
  EXPECT_EQ((*value)["data"]["\ufffdk"], "v\ufffd");
  EXPECT_NO_THROW(value->dump());
}

// RFC 3339 has four digits for a year; seconds of protobuf have 64 bits.
TEST(Protobuf, ATimeThatNoTextCanShowIsRefused) {
  const Kinds kinds;
  const auto at = [&](const std::string& varint) {
    const std::string renew_time = std::string("\x08") + varint;
    return decode(kinds.of("leases", "coordination.k8s.io").type(), field(2, field(4, renew_time)));
  };
  EXPECT_TRUE(at("\x01").has_value());
  EXPECT_FALSE(at("\xff\xff\xff\xff\xff\xff\xff\xff\x7f").has_value());
  EXPECT_FALSE(at("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01").has_value());
}

// Go's typed clients send protobuf and read JSON.
TEST(Protobuf, ADeleteMaySendItsOptionsSo) {
  testing::Client client;
  client.post(testing::endpoints_path, testing::endpoints_object("a"));
  const Response response =
      client.cluster.operate(client.now, "DELETE", testing::endpoints_path + "/a",
                             std::string(media_type), read(folder + "deleteoptions.bin"));
  const json options = json::parse(read(folder + "deleteoptions.json"));
  const bool has_preconditions = options.contains("preconditions");
  EXPECT_EQ(response.status, has_preconditions ? 409 : 200) << *response.body;
}

// As client-go sends it: autoscaling/v1 has no document of its own.
TEST(Protobuf, AScaleIsReadToo) {
  const std::string raw("\x0a\x03\x0a\x01w\x12\x02\x08\x04", 9);
  const schema::Type& scale = *schema::types_of("apps", "v1")->find("autoscaling", "v1", "Scale");
  EXPECT_EQ(*decode(scale, raw),
            (json{{"metadata", {{"name", "w"}}}, {"spec", {{"replicas", 4}}}}));
}

TEST(Protobuf, OfAnotherKindIsRefused) {
  testing::Client client;
  const Response response =
      client.cluster.operate(client.now, "POST", testing::endpoints_path, std::string(media_type),
                             read(folder + "lease.bin"));
  EXPECT_EQ(response.status, 400);
}

}  // namespace
}  // namespace fakeapi::cluster::protobuf

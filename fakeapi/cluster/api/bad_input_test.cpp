// What a client may not do to the server by what it sends: bounds of answers, patches and bodies.
#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

std::size_t warning_bytes(const Headers& headers) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : headers) bytes += name == "Warning" ? value.size() : 0;
  return bytes;
}

// apiserver endpoints/filters/warning.go: no more than about 4,096 characters of warnings, each cut
// at 256 when they are more; sigs.k8s.io/json: no more than a hundred unknown fields.
TEST(Warnings, StayShortHoweverManyFieldsAreUnknown) {
  Client client;
  json object = {{"metadata", {{"name", "a"}}}};
  object["a" + std::string(5000, 'x')] = 1;
  for (int i = 0; i < 10'000; ++i) object["b" + std::to_string(i)] = 1;
  const Answer made = client.post("/api/v1/namespaces/default/configmaps", object);
  EXPECT_EQ(made.status, 201);
  EXPECT_GT(warning_bytes(made.headers), 256U);
  EXPECT_LT(warning_bytes(made.headers), 8192U);
}

// handlers/patch.go, and server/config.go JSONPatchMaxCopyBytes: copies may not add up to more than
// 3 MiB. Thirty of these would make a gigabyte of a kilobyte.
TEST(Patches, CopiesDoNotMultiplyWithoutBound) {
  Client client;
  const std::string path = "/api/v1/namespaces/default/configmaps";
  client.post(path, {{"metadata", {{"name", "a"}}}, {"data", {{"k", std::string(1000, 'x')}}}});
  json operations = json::array();
  for (int i = 0; i < 30; ++i) {
    operations.push_back(
        {{"op", "copy"}, {"from", "/data"}, {"path", "/data/c" + std::to_string(i)}});
  }
  const Answer patched =
      client.call("PATCH", path + "/a", operations, "application/json-patch+json");
  EXPECT_EQ(patched.status, 422);
}

// encoding/json reads bytes that are no UTF-8 as U+FFFD, in values, keys and the fieldManager.
TEST(Bodies, BytesThatAreNoUtf8AreStoredAsReplacementCharacters) {
  Client client;
  const std::string path = "/api/v1/namespaces/default/configmaps";
  const Response made =
      client.cluster.operate(client.now, "POST", path + "?fieldManager=%ff", "application/json",
                             "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"\xff\"}}");
  EXPECT_EQ(made.status, 201);
  const json stored = client.get(path + "/a").body;
  EXPECT_EQ(stored["data"]["k"], "\ufffd");
  EXPECT_EQ(stored["metadata"]["managedFields"][0]["manager"], "\ufffd");
  EXPECT_EQ(client.merge(path + "/a", {{"data", {{"l", "m"}}}}).status, 200);
}

}  // namespace
}  // namespace fakeapi::cluster::testing

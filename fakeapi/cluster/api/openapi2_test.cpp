// kube-openapi pkg/handler/handler.go, RegisterOpenAPIVersionedService.
#include "fakeapi/cluster/api/openapi2.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/custom/definition.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"
#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

constexpr const char* asked_by_kubectl =
    "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
constexpr const char* protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

class ServedOpenApiV2 : public ::testing::Test {
 protected:
  Response ask(Headers headers) {
    return v2_.answer(kinds_, {"GET", "/openapi/v2", std::move(headers), {}});
  }
  std::string type_for(const std::string& accept) {
    const Response response = ask({{"Accept", accept}});
    return response.status == 200
               ? std::string(find_header(response.headers, "Content-Type").value_or(""))
               : std::to_string(response.status);
  }
  Kinds kinds_;
  V2 v2_;
};

TEST_F(ServedOpenApiV2, ComesInTheFormOfTheFirstClauseThatCanBeServed) {
  EXPECT_EQ(type_for("application/json"), "application/json");
  EXPECT_EQ(type_for("*/*"), "application/json");
  EXPECT_EQ(type_for("application/*"), "application/json");
  EXPECT_EQ(type_for(""), "application/json");
  EXPECT_EQ(type_for(protobuf), protobuf);
  EXPECT_EQ(type_for(asked_by_kubectl), protobuf);
  EXPECT_EQ(type_for("application/json;q=0.5, " + std::string(protobuf)), protobuf);
  EXPECT_EQ(type_for("text/plain, application/json"), "application/json");
  EXPECT_EQ(type_for("application/yaml"), "406");
}

TEST_F(ServedOpenApiV2, GoesCompressedToWhoTakesGzip) {
  for (const char* accept : {"application/json", protobuf}) {
    const Response plain = ask({{"Accept", accept}});
    const Response gzip = ask({{"Accept", accept}, {"Accept-Encoding", "gzip"}});
    EXPECT_EQ(find_header(plain.headers, "Content-Encoding"), std::nullopt);
    EXPECT_EQ(find_header(gzip.headers, "Content-Encoding"), "gzip");
    EXPECT_EQ(schema::gunzip(*gzip.body), *plain.body);
  }
}

// RFC 9110 13.1.2; http.ServeContent.
TEST_F(ServedOpenApiV2, IsNotSentAgainToWhoHasIt) {
  const std::string tag(find_header(ask({}).headers, "Etag").value_or(""));
  EXPECT_EQ(ask({{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(ask({{"If-None-Match", "\"other\", W/" + tag}}).status, 304);
  EXPECT_TRUE(ask({{"If-None-Match", tag}}).body->empty());
  EXPECT_EQ(ask({{"If-None-Match", "\"other\""}}).status, 200);
}

TEST_F(ServedOpenApiV2, FollowsDefinitions) {
  const auto definition = [](bool served, const char* type) {
    return json{
        {"metadata", {{"uid", "u"}}},
        {"spec",
         {{"group", "example.com"},
          {"scope", "Cluster"},
          {"names", {{"plural", "widgets"}, {"kind", "Widget"}, {"listKind", "Widgets"}}},
          {"versions", json::array({{{"name", "v1"},
                                     {"served", served},
                                     {"schema",
                                      {{"openAPIV3Schema",
                                        {{"type", "object"},
                                         {"properties", {{"spec", {{"type", type}}}}}}}}}}})}}}};
  };
  const auto widget = [&] {
    const json document = json::parse(*ask({}).body);
    return document["definitions"].value("com.example.v1.Widget", json());
  };
  EXPECT_TRUE(widget().is_null());
  custom::serve(kinds_, definition(true, "string"));
  EXPECT_EQ(widget()["properties"]["spec"]["type"], "string");
  custom::serve(kinds_, definition(true, "integer"));
  EXPECT_EQ(widget()["properties"]["spec"]["type"], "integer");
  custom::serve(kinds_, definition(false, "integer"));
  EXPECT_TRUE(widget().is_null());
}

TEST(OpenApiPaths, AreOnlyThoseOfToday) {
  testing::Client client;
  EXPECT_EQ(client.get("/openapi/v2").status, 200);
  EXPECT_EQ(client.get("/openapi/v2/").status, 404);
  // Gone since 1.14 (kubernetes/kubernetes 64735); kubectl up to 1.28 tries it after a 404.
  EXPECT_EQ(client.get("/swagger-2.0.0.pb-v1").status, 404);
}

}  // namespace
}  // namespace fakeapi::cluster::openapi

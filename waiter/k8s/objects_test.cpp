#include "waiter/k8s/objects.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waiter::k8s {
namespace {

using nlohmann::json;

const char* const list_head =
    R"({"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":)";

core::Slice decoded(const char* text) {
  auto result = decode_object(core::Resource::endpoint_slices, json::parse(text));
  const auto* error = std::get_if<DecodeError>(&result);
  EXPECT_EQ(error, nullptr) << (error != nullptr ? error->message : "");
  return error != nullptr ? core::Slice{} : std::get<core::Slice>(result);
}

// Absent, null and false are three things until the engine has read them.
TEST(EndpointSlice, KeepsAbsentConditionsAbsent) {
  const auto slice = decoded(R"({"metadata":{"name":"a","resourceVersion":"1"},"addressType":"IPv4",
    "endpoints":[{"addresses":["10.0.0.1"],"conditions":{}},
                 {"addresses":["10.0.0.2"],"conditions":{"ready":null,"serving":false}},
                 {"addresses":["10.0.0.3"]}]})");
  ASSERT_EQ(slice.endpoints.size(), 3U);
  EXPECT_EQ(slice.endpoints[0].ready, std::nullopt);
  EXPECT_EQ(slice.endpoints[1].ready, std::nullopt);
  EXPECT_EQ(slice.endpoints[1].serving, false);
  EXPECT_EQ(slice.endpoints[2].terminating, std::nullopt);
}

// golden/wire-facts.md: the controllers write "endpoints": null, "ports": null for a Service
// without any address.
TEST(EndpointSlice, TakesNullForAnEmptyList) {
  const auto slice = decoded(
      R"({"metadata":{"name":"a","resourceVersion":"1","labels":{"kubernetes.io/service-name":"mysql"}},
          "addressType":"IPv4","endpoints":null,"ports":null})");
  EXPECT_EQ(slice.service, "mysql");
  EXPECT_TRUE(slice.endpoints.empty());
  EXPECT_TRUE(slice.ports.empty());
}

TEST(EndpointSlice, ReadsPortsAsTheApiDefaultsThem) {
  const auto slice = decoded(R"({"metadata":{"name":"a","resourceVersion":"1"},
    "ports":[{"port":53,"protocol":"UDP","name":"dns"},{"port":80},{"name":"any"}]})");
  ASSERT_EQ(slice.ports.size(), 3U);
  EXPECT_FALSE(slice.ports[0].tcp);
  EXPECT_TRUE(slice.ports[1].tcp);
  EXPECT_EQ(slice.ports[2].number, std::nullopt);
}

TEST(EndpointSlice, MarksNamesThatAreNoAddresses) {
  EXPECT_TRUE(
      decoded(R"({"metadata":{"name":"a","resourceVersion":"1"},"addressType":"FQDN"})").fqdn);
}

TEST(EndpointSlice, CallsWrongShapesAnError) {
  for (
      const char* text :
      {"[]", "{}", R"({"metadata":{"name":"a"}})", R"({"metadata":{"resourceVersion":"1"}})",
       R"({"metadata":{"name":"a","resourceVersion":1}})",
       R"({"metadata":{"name":"a","resourceVersion":"1"},"endpoints":{}})",
       R"({"metadata":{"name":"a","resourceVersion":"1"},"endpoints":[{"addresses":[1]}]})",
       R"({"metadata":{"name":"a","resourceVersion":"1"},"endpoints":[{"conditions":{"ready":"yes"}}]})",
       R"({"metadata":{"name":"a","resourceVersion":"1"},"ports":[{"port":70000}]})",
       R"({"metadata":{"name":"a","resourceVersion":"1"},"ports":[{"port":"80"}]})"}) {
    EXPECT_TRUE(std::holds_alternative<DecodeError>(
        decode_object(core::Resource::endpoint_slices, json::parse(text))))
        << text;
  }
}

TEST(EndpointSliceList, HoldsTheListsOwnVersion) {
  const auto result = decode_list(
      core::Resource::endpoint_slices,
      std::string(list_head) +
          R"({"resourceVersion":"77"},"items":[{"metadata":{"name":"a","resourceVersion":"5"}}]})");
  ASSERT_TRUE(std::holds_alternative<SliceList>(result));
  EXPECT_EQ(std::get<SliceList>(result).resource_version, "77");
  EXPECT_EQ(std::get<SliceList>(result).slices.size(), 1U);
}

TEST(EndpointSliceList, CallsEverythingElseAnError) {
  const std::string head = list_head;
  for (const std::string& text :
       {std::string("<html>"), std::string(""), std::string("null"), head + R"({},"items":[]})",
        std::string(R"({"kind":"Status","metadata":{},"status":"Failure"})"),
        head + R"({"resourceVersion":"1"},"items":[[]]})",
        head + R"({"resourceVersion":"1"},"items":)"}) {
    EXPECT_TRUE(
        std::holds_alternative<DecodeError>(decode_list(core::Resource::endpoint_slices, text)))
        << text;
  }
}

// golden/wire-facts.md: a Pod that is not ready stands in notReadyAddresses of the same subset.
TEST(Endpoints, AddressesAreReadyAndOthersAreNot) {
  const auto result = decode_one(
      core::Resource::endpoints,
      R"({"kind":"Endpoints","apiVersion":"v1","metadata":{"name":"mysql","resourceVersion":"7"},"subsets":[
          {"addresses":[{"ip":"10.0.0.1","targetRef":{"kind":"Pod","name":"mysql-0","uid":"u0"}}],
           "notReadyAddresses":[{"ip":"10.0.0.2"}],"ports":[{"name":"tcp","port":3306,"protocol":"TCP"}]},
          {"addresses":[{"ip":"10.0.0.1"}],"ports":[{"name":"metrics","port":9104}]}]})");
  ASSERT_TRUE(std::holds_alternative<SliceList>(result));
  const core::Slice& slice = std::get<SliceList>(result).slices.front();
  EXPECT_EQ(slice.service, "mysql");
  ASSERT_EQ(slice.endpoints.size(), 3U);
  EXPECT_EQ(slice.endpoints[0].ready, true);
  EXPECT_EQ(slice.endpoints[0].target_uid, "u0");
  EXPECT_EQ(slice.endpoints[1].ready, false);
  EXPECT_EQ(slice.endpoints[2].ports->front().name, "metrics");
}

TEST(Endpoints, MayHaveNoSubset) {
  for (const char* text :
       {R"({"metadata":{"name":"mysql","resourceVersion":"7"}})",
        R"({"metadata":{"name":"mysql","resourceVersion":"7"},"subsets":null})"}) {
    const auto result = decode_one(core::Resource::endpoints, text);
    ASSERT_TRUE(std::holds_alternative<SliceList>(result));
    EXPECT_TRUE(std::get<SliceList>(result).slices.front().endpoints.empty());
  }
}

TEST(EndpointSliceList, TellsWhereThePageAfterItBegins) {
  const auto result = decode_list(
      core::Resource::endpoint_slices,
      std::string(list_head) + R"({"resourceVersion":"77","continue":"abc"},"items":null})");
  ASSERT_TRUE(std::holds_alternative<SliceList>(result));
  EXPECT_EQ(std::get<SliceList>(result).next_page, "abc");
}

TEST(Service, OnlyExternalNameHasNoEndpointsEver) {
  using Type = core::ServiceTold::Type;
  EXPECT_EQ(decode_service(R"({"kind":"Service","spec":{"type":"ExternalName"}})"),
            Type::external_name);
  EXPECT_EQ(decode_service(R"({"kind":"Service","spec":{"type":"ClusterIP"}})"),
            Type::with_endpoints);
  EXPECT_EQ(decode_service(R"({"kind":"Status","code":200})"), Type::unknown);
  EXPECT_EQ(decode_service("no JSON"), Type::unknown);
}

}  // namespace
}  // namespace waiter::k8s

// Types from the recorded documents, and values decoded by them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "fakeapi/cluster/random.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"
#include "fakeapi/cluster/schema/quantity.hpp"

namespace fakeapi::cluster::schema {
namespace {

using nlohmann::json;

const Type& type(const char* group, const char* version, const char* kind) {
  return *types_of(group, version)->find(group, version, kind);
}

json decoded(const Type& of, json value) {
  const Decoded outcome = decode(of, value);
  EXPECT_EQ(outcome.error.value_or(""), "");
  EXPECT_TRUE(outcome.unknown.empty());
  return value;
}

TEST(Documents, AreReadForEveryGroup) {
  for (const auto& [group, kind] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "Endpoints"},
           {"apps", "Deployment"},
           {"batch", "Job"},
           {"coordination.k8s.io", "Lease"},
           {"discovery.k8s.io", "EndpointSlice"},
           {"events.k8s.io", "Event"},
           {"rbac.authorization.k8s.io", "ClusterRole"},
           {"authorization.k8s.io", "SelfSubjectAccessReview"},
           {"authentication.k8s.io", "TokenReview"},
           {"apiextensions.k8s.io", "CustomResourceDefinition"}}) {
    ASSERT_NE(types_of(group, "v1"), nullptr) << group;
    EXPECT_NE(types_of(group, "v1")->find(group, "v1", kind), nullptr) << kind;
  }
  EXPECT_EQ(types_of("no.such.group", "v1"), nullptr);
}

// discovery/v1 types.go: endpoints and ports have no omitempty; addresses neither.
TEST(Decode, WritesNullWhereGoHasANilSlice) {
  const json slice = decoded(type("discovery.k8s.io", "v1", "EndpointSlice"),
                             {{"addressType", "IPv4"}, {"metadata", {{"name", "x"}}}});
  EXPECT_EQ(slice, (json{{"addressType", "IPv4"},
                         {"metadata", {{"name", "x"}}},
                         {"endpoints", nullptr},
                         {"ports", nullptr}}));
}

// core/v1 types.go: publishNotReadyAddresses is a bool, allocateLoadBalancerNodePorts a *bool.
TEST(Decode, TellsZeroFromMissingWhereGoHasAPointer) {
  const json service =
      decoded(type("", "v1", "Service"), {{"spec",
                                           {{"publishNotReadyAddresses", false},
                                            {"allocateLoadBalancerNodePorts", false},
                                            {"externalIPs", json::array()}}}});
  EXPECT_EQ(service["spec"], (json{{"allocateLoadBalancerNodePorts", false}}));
  EXPECT_EQ(service["status"], (json{{"loadBalancer", json::object()}}));
}

TEST(Decode, NamesUnknownFieldsByTheirPath) {
  json service = {{"spec", {{"ports", json::array({{{"port", 80}, {"prot", "TCP"}}})}, {"x", 1}}}};
  const Decoded outcome = decode(type("", "v1", "Service"), service);
  EXPECT_EQ(outcome.unknown, (std::vector<std::string>{"spec.x", "spec.ports[0].prot"}));
  EXPECT_EQ(service["spec"]["ports"],
            json::array({{{"port", 80}, {"protocol", "TCP"}, {"targetPort", 0}}}));
}

TEST(Decode, RefusesValuesOfAnotherType) {
  const Type& endpoints = type("", "v1", "Endpoints");
  for (const json& port : {json("80"), json(1.5), json(3000000000), json::array()}) {
    json value = {{"subsets", json::array({{{"ports", json::array({{{"port", port}}})}}})}};
    EXPECT_TRUE(decode(endpoints, value).error.has_value()) << port;
  }
}

// Any value of a type: fields that are there, missing, null, empty or zero.
json any_of(const Type& type, Random& random, int depth) {
  if (random.below(8) == 0) return nullptr;
  switch (type.kind) {
    case Type::Kind::boolean:
      return random.below(2) == 0;
    case Type::Kind::integer:
    case Type::Kind::number:
    case Type::Kind::int_or_string:
      return random.below(3);
    case Type::Kind::quantity:
      return std::vector<json>{"0", "1500m", "1Gi", 2}[random.below(4)];
    case Type::Kind::time:
    case Type::Kind::micro_time:
      return "2026-11-23T06:41:12.5Z";
    case Type::Kind::structure: {
      json made = json::object();
      for (const Field& field : type.fields) {
        if (depth > 0 && random.below(3) == 0)
          made[field.name] = any_of(*field.type, random, depth - 1);
      }
      return made;
    }
    case Type::Kind::map:
    case Type::Kind::list: {
      json made = type.kind == Type::Kind::map ? json::object() : json::array();
      for (std::uint64_t i = random.below(3); i > 0 && depth > 0; --i) {
        json inner = any_of(*type.element, random, depth - 1);
        if (made.is_object()) {
          made["k" + std::to_string(i)] = std::move(inner);
        } else {
          made.push_back(std::move(inner));
        }
      }
      return made;
    }
    default:
      return random.below(2) == 0 ? "" : "YQ==";  // also a byte in base64
  }
}

// A request's object is decoded by its reader, and its writer relies on that
// (WriteOptions::decoded).
RC_GTEST_PROP(Decode, LeavesWhatWasDecodedAsItIs, (std::uint32_t seed)) {
  Random random(seed);
  for (const Type* of :
       {&type("", "v1", "Pod"), &type("", "v1", "Service"), &type("", "v1", "Endpoints"),
        &type("apps", "v1", "Deployment"), &type("discovery.k8s.io", "v1", "EndpointSlice")}) {
    for (const EmptyLists lists : {EmptyLists::kept, EmptyLists::null}) {
      json once = any_of(*of, random, 8);
      const Decoded first = decode(*of, once, lists);
      RC_ASSERT(!first.error);
      json twice = once;
      RC_ASSERT(decode(*of, twice, lists).kept_empty == first.kept_empty);
      RC_ASSERT(twice.dump() == once.dump());
    }
  }
}

TEST(Decode, FreeFormValuesMayNotBeDeeperThanTheirLimit) {
  json deep;
  for (int i = 0; i < free_form_depth_max + 2; ++i) deep = json::array({deep});
  json raw = {{"data", {{"x", deep}}}, {"revision", 1}};
  EXPECT_TRUE(decode(type("apps", "v1", "ControllerRevision"), raw).error.has_value());
}

// apimachinery api/resource/quantity_test.go holds these and many more.
TEST(Quantity, IsWrittenInItsCanonicalForm) {
  for (const auto& [text, canonical] :
       std::initializer_list<std::pair<const char*, const char*>>{{"0.5", "500m"},
                                                                  {"1000m", "1"},
                                                                  {"1024Mi", "1Gi"},
                                                                  {"1", "1"},
                                                                  {"100Mi", "100Mi"},
                                                                  {"0.1Gi", "107374182400m"},
                                                                  {"0.5Ki", "512"},
                                                                  {"1500", "1500"},
                                                                  {"1000k", "1M"},
                                                                  {"1e3", "1e3"},
                                                                  {"12E", "12E"},
                                                                  {"0", "0"},
                                                                  {"-5m", "-5m"},
                                                                  {"1.5Gi", "1536Mi"},
                                                                  {"5n", "5n"},
                                                                  {"0.9999999994999", "1"},
                                                                  {"100000", "100k"}}) {
    EXPECT_EQ(canonical_quantity(text).value_or("none"), canonical) << text;
  }
  // Beyond 64 bits: whole with a decimal suffix, capped with a binary one (maxAllowed).
  for (const auto& [text, canonical] : std::initializer_list<std::pair<const char*, const char*>>{
           {"-1.6Ei", "-1844674407370955161600m"},
           {"99Ei", "9223372036854775807"},
           {"12345678901234567890123Ki", "9223372036854775807"},
           {"999999999999999999Ei", "9223372036854775807"},
           {"1152921504606846976n", "1152921504606846976n"},
           {"123456789012345678901E", "123456789012345678901E"},
           {"1.00000000000000000000000001Ki", "1024000000001n"},
           {"66276627662766750275627502800n", "66276627662766750275627502800n"},
           {"999999999999999999e17", "99999999999999999900e15"}}) {
    EXPECT_EQ(canonical_quantity(text).value_or("none"), canonical) << text;
  }
  for (const char* text : {"", "x", "1x", "Mi", "1Mi2", "--1", "."}) {
    EXPECT_FALSE(canonical_quantity(text).has_value()) << text;
  }
}

TEST(Gzip, GivesBackWhatItWasGiven) {
  std::string text;
  for (unsigned i = 0; i < 100'000; ++i) text += static_cast<char>('a' + i * i % 23);
  EXPECT_EQ(gunzip(gzip(text)), text);
  EXPECT_EQ(gunzip(gzip("")), "");
}

}  // namespace
}  // namespace fakeapi::cluster::schema

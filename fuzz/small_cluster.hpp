// A cluster with one object of each kind that has rules of its own, for targets that send requests.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/testing/client.hpp"
#include "fuzz/check.hpp"

namespace fuzz {

using fakeapi::cluster::testing::Client;
using nlohmann::json;

inline constexpr const char* token = "t";

struct Sample {
  std::string collection;  // its path
  std::string object;      // JSON; its name is "a"
};

inline const std::vector<Sample>& samples() {
  static const std::string core = "/api/v1/namespaces/default/";
  static const std::vector<Sample> all = {
      {core + "services", R"({"metadata":{"name":"a"},"spec":{"selector":{"app":"a"},
        "ports":[{"name":"http","port":80},{"name":"dns","port":53,"protocol":"UDP"}]}})"},
      {core + "pods", R"({"metadata":{"name":"a","labels":{"app":"a"}},"spec":{"nodeName":"n",
        "containers":[{"name":"c","image":"x:1","env":[{"name":"A","value":"b"}],
        "resources":{"requests":{"cpu":"0.5"}}}],"tolerations":[{"key":"k","operator":"Exists"}]}})"},
      {core + "endpoints", R"({"metadata":{"name":"by-hand"},"subsets":[
        {"addresses":[{"ip":"10.1.0.1"}],"ports":[{"port":3306}]}]})"},
      {core + "configmaps", R"({"metadata":{"name":"a","labels":{"x":"y"}},"data":{"k":"v"}})"},
      {core + "secrets", R"({"metadata":{"name":"a"},"stringData":{"k":"v"}})"},
      {core + "events", R"({"metadata":{"name":"a"},"reason":"R","message":"m",
        "involvedObject":{"kind":"Pod","namespace":"default","name":"a"}})"},
      {"/apis/apps/v1/namespaces/default/deployments", R"({"metadata":{"name":"a"},"spec":{
        "replicas":2,"selector":{"matchLabels":{"app":"b"}},"template":{"metadata":{"labels":
        {"app":"b"}},"spec":{"containers":[{"name":"c","image":"x:1","ports":[{"containerPort":80},
        {"containerPort":53,"protocol":"UDP"}]}]}}}})"},
      {"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", R"({"metadata":{"name":"a"},
        "addressType":"IPv4","endpoints":[{"addresses":["10.2.0.1"]}],"ports":[{"port":80}]})"},
      {"/apis/coordination.k8s.io/v1/namespaces/default/leases",
       R"({"metadata":{"name":"a"},"spec":{"holderIdentity":"h","leaseDurationSeconds":15,
        "renewTime":"2026-01-01T00:00:00.000001Z"}})"},
      {"/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
       R"({"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
        "names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,
        "storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{
        "type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1},
        "colour":{"type":"string","enum":["red","blue"],"default":"red"},"parts":{"type":"array",
        "x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],"items":{"type":
        "object","required":["name"],"properties":{"name":{"type":"string"}}}},"free":{"type":
        "object","x-kubernetes-preserve-unknown-fields":true}}},"status":{"type":"object",
        "x-kubernetes-preserve-unknown-fields":true}}}},"subresources":{"status":{},"scale":{
        "specReplicasPath":".spec.size","statusReplicasPath":".status.replicas"}},
        "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}]}]}})"},
      {"/apis/example.com/v1/namespaces/default/widgets",
       R"({"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":1,
        "parts":[{"name":"p"}],"free":{"a":[1]}}})"}};
  return all;
}

inline fakeapi::cluster::Options small_options() {
  fakeapi::cluster::Options options;
  options.users.push_back({token, "admin", {}, fakeapi::cluster::User::Rights::everything});
  options.users.push_back({"nobody", "nobody", {}, fakeapi::cluster::User::Rights::nothing});
  options.nodes = {"n"};
  return options;
}

/// `client` is fresh, made with small_options().
inline void fill(Client& client) {
  for (const Sample& sample : samples()) {
    const auto answer = client.post(sample.collection, json::parse(sample.object));
    check(answer.status == 201, "a sample is created", answer.body.dump());
    client.pass(std::chrono::milliseconds(200));
  }
}

}  // namespace fuzz

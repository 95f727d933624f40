// Custom resources from definition to object: served, pruned, defaulted, validated, gone.
#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const std::string widgets = "/apis/example.com/v1/namespaces/default/widgets";

json widget_schema() {
  return json::parse(R"({
    "type": "object",
    "properties": {
      "spec": {
        "type": "object",
        "required": ["size"],
        "properties": {
          "size": {"type": "integer", "minimum": 1},
          "colour": {"type": "string", "enum": ["red", "blue"], "default": "red"},
          "name": {"type": "string", "pattern": "^[a-z]+$"},
          "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}
        }
      },
      "status": {"type": "object", "properties": {"replicas": {"type": "integer"}}}
    }
  })");
}

json definition() {
  return {{"metadata", {{"name", "widgets.example.com"}}},
          {"spec",
           {{"group", "example.com"},
            {"scope", "Namespaced"},
            {"names", {{"plural", "widgets"}, {"kind", "Widget"}, {"shortNames", {"w"}}}},
            {"versions", json::array({{{"name", "v1"},
                                       {"served", true},
                                       {"storage", true},
                                       {"schema", {{"openAPIV3Schema", widget_schema()}}},
                                       {"subresources",
                                        {{"status", json::object()},
                                         {"scale",
                                          {{"specReplicasPath", ".spec.size"},
                                           {"statusReplicasPath", ".status.replicas"}}}}},
                                       {"additionalPrinterColumns",
                                        json::array({{{"name", "Size"},
                                                      {"type", "integer"},
                                                      {"jsonPath", ".spec.size"}}})}}})}}}};
}

json widget(const json& spec) {
  return {{"apiVersion", "example.com/v1"},
          {"kind", "Widget"},
          {"metadata", {{"name", "w"}}},
          {"spec", spec}};
}

class CustomTest : public ::testing::Test {
 protected:
  CustomTest() {
    EXPECT_EQ(client.post(definitions, definition()).status, 201);
    client.pass(std::chrono::milliseconds(10));
  }
  Client client;
};

TEST_F(CustomTest, ADefinitionIsEstablishedAndServed) {
  const json status = client.get(definitions + "/widgets.example.com").body["status"];
  EXPECT_EQ(status["conditions"][1]["type"], "Established");
  EXPECT_EQ(status["conditions"][1]["status"], "True");
  EXPECT_EQ(status["acceptedNames"]["listKind"], "WidgetList");
  EXPECT_EQ(status["storedVersions"], json::array({"v1"}));
  EXPECT_EQ(client.get("/apis/example.com/v1").body["resources"][0]["name"], "widgets");
  EXPECT_EQ(client.get(widgets).body["kind"], "WidgetList");
}

// API documentation of CustomResourceDefinitions, "Pruning" and "Defaulting".
TEST_F(CustomTest, ObjectsArePrunedAndDefaulted) {
  const Answer answer =
      client.post(widgets, widget({{"size", 3}, {"junk", 1}, {"free", {{"x", {{"y", 1}}}}}}));
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body["spec"],
            (json{{"size", 3}, {"colour", "red"}, {"free", {{"x", {{"y", 1}}}}}}));
  EXPECT_EQ(client.post(widgets + "?fieldValidation=Strict", widget({{"size", 3}, {"junk", 1}}))
                .body["message"],
            "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: "
            "unknown field \"spec.junk\"");
}

TEST_F(CustomTest, ObjectsMustFitTheirSchema) {
  const auto causes = [&](const json& spec) {
    const Answer answer = client.post(widgets, widget(spec));
    EXPECT_EQ(answer.status, 422);
    return answer.body["details"]["causes"];
  };
  EXPECT_EQ(causes(json::object())[0]["message"], "Required value");
  EXPECT_EQ(causes({{"size", 0}})[0]["message"],
            "Invalid value: 0: spec.size in body should be greater than or equal to 1");
  EXPECT_EQ(causes({{"size", "x"}})[0]["message"],
            "Invalid value: \"string\": spec.size in body must be of type integer: \"string\"");
  EXPECT_EQ(causes({{"size", 1}, {"colour", "green"}})[0]["message"],
            "Unsupported value: \"green\": supported values: \"red\", \"blue\"");
  EXPECT_EQ(causes({{"size", 1}, {"name", "A"}})[0]["message"],
            "Invalid value: \"A\": spec.name in body should match '^[a-z]+$'");
}

TEST_F(CustomTest, StatusAndScaleAreSubresources) {
  json object = widget({{"size", 3}});
  object["status"] = {{"replicas", 9}};
  const Answer made = client.post(widgets, object);
  EXPECT_FALSE(made.body.contains("status"));
  EXPECT_EQ(client.merge(widgets + "/w/status", {{"status", {{"replicas", 2}}}}).status, 200);
  const json scale = client.get(widgets + "/w/scale").body;
  EXPECT_EQ(scale["spec"]["replicas"], 3);
  EXPECT_EQ(scale["status"]["replicas"], 2);
  EXPECT_EQ(client.merge(widgets + "/w/scale", {{"spec", {{"replicas", 5}}}}).status, 200);
  const json after = client.get(widgets + "/w").body;
  EXPECT_EQ(after["spec"]["size"], 5);
  EXPECT_EQ(after["metadata"]["generation"], 2);
}

// Custom resources have no unconditional update, and no strategic merge patch.
TEST_F(CustomTest, WritesFollowTheRulesOfCustomResources) {
  client.post(widgets, widget({{"size", 3}}));
  EXPECT_EQ(client.put(widgets + "/w", widget({{"size", 4}})).status, 422);
  EXPECT_EQ(client
                .call("PATCH", widgets + "/w", {{"spec", {{"size", 4}}}},
                      "application/strategic-merge-patch+json")
                .status,
            415);
  EXPECT_EQ(client
                .call("PATCH", widgets + "/w?fieldManager=m", widget({{"size", 4}}),
                      "application/apply-patch+yaml")
                .status,
            409);
}

TEST_F(CustomTest, ADeletedDefinitionTakesItsObjectsWithIt) {
  client.post(widgets, widget({{"size", 3}}));
  auto stream = client.watch(widgets + "?watch=true");
  client.read(*stream);
  client.remove(definitions + "/widgets.example.com");
  client.pass(std::chrono::milliseconds(10));
  EXPECT_EQ(Client::told(client.read(*stream)), (std::vector<std::string>{"DELETED w"}));
  EXPECT_EQ(client.get(widgets).status, 404);
  EXPECT_EQ(client.get(definitions + "/widgets.example.com").status, 404);
}

TEST_F(CustomTest, AllVersionsShowTheSameObjects) {
  json two = definition();
  two["metadata"]["name"] = "gadgets.example.com";
  two["spec"]["names"] = {{"plural", "gadgets"}, {"kind", "Gadget"}};
  two["spec"]["versions"].push_back(two["spec"]["versions"][0]);
  two["spec"]["versions"][1]["name"] = "v2";
  two["spec"]["versions"][1]["storage"] = false;
  client.post(definitions, two);
  client.pass(std::chrono::milliseconds(10));
  const std::string old_path = "/apis/example.com/v1/namespaces/default/gadgets";
  const std::string new_path = "/apis/example.com/v2/namespaces/default/gadgets";
  const json made =
      client.post(new_path, {{"metadata", {{"name", "g"}}}, {"spec", {{"size", 1}}}}).body;
  const json seen = client.get(old_path + "/g").body;
  EXPECT_EQ(seen["apiVersion"], "example.com/v1");
  EXPECT_EQ(seen["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"]);
  client.remove(old_path + "/g");
  EXPECT_EQ(client.get(new_path + "/g").status, 404);
}

// autoscaling/v1 Scale is in no document of a custom group.
TEST_F(CustomTest, AScaleCanBePut) {
  client.post(widgets, widget({{"size", 3}}));
  json scale = client.get(widgets + "/w/scale").body;
  scale["spec"]["replicas"] = 7;
  EXPECT_EQ(client.put(widgets + "/w/scale", scale).body["spec"]["replicas"], 7);
  EXPECT_EQ(client.get(widgets + "/w").body["spec"]["size"], 7);
}

// What looks like a Service in a custom resource is none: it holds no port to be freed.
TEST_F(CustomTest, FieldsNamedAsThoseOfAServiceMeanNothing) {
  json object = widget({{"size", 1}});
  object["spec"]["free"] = json::object();
  json open = definition();
  open["metadata"]["name"] = "boxes.example.com";
  open["spec"]["names"] = {{"plural", "boxes"}, {"kind", "Box"}};
  open["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = {
      {"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
  client.post(definitions, open);
  client.pass(std::chrono::milliseconds(10));
  const std::string boxes = "/apis/example.com/v1/namespaces/default/boxes";
  const json made = {
      {"metadata", {{"name", "b"}}},
      {"spec", {{"clusterIP", 1}, {"ports", json::array({{{"nodePort", "x"}}, 5})}}}};
  EXPECT_EQ(client.post(boxes, made).status, 201);
  EXPECT_EQ(client.remove(boxes + "/b").status, 200);
}

// Go's expressions (RE2) take linear time; this one doubles the steps of a backtracking matcher
// with each character.
TEST_F(CustomTest, APatternIsMatchedInGoodTime) {
  json slow = definition();
  slow["metadata"]["name"] = "boxes.example.com";
  slow["spec"]["names"] = {{"plural", "boxes"}, {"kind", "Box"}};
  json& properties = slow["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"];
  properties["spec"]["properties"]["name"]["pattern"] = "^(a+)+$";
  properties["spec"]["properties"]["colour"] = {{"type", "string"},
                                                {"pattern", std::string(100'000, '(')}};
  EXPECT_EQ(client.post(definitions, slow).status, 201);
  client.pass(std::chrono::milliseconds(10));
  const std::string boxes = "/apis/example.com/v1/namespaces/default/boxes";
  const json made = {
      {"metadata", {{"name", "b"}}},
      {"spec", {{"size", 1}, {"name", std::string(60, 'a') + "!"}, {"colour", "c"}}}};
  EXPECT_EQ(client.post(boxes, made).status, 422);
}

}  // namespace
}  // namespace fakeapi::cluster::testing

// Field management against managedFields that kube-apiserver v1.37.2 wrote: nothing else compares
// those of the recorded conversations, so that they are an oracle that no code was fitted to.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/fields/manager_name.hpp"
#include "fakeapi/cluster/fields/test_types.hpp"
#include "fakeapi/cluster/testing/conversation.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::Types;
using Empty = schema::Field::Empty;

// The kinds of the recordings, as far as their objects go.
class Kinds {
 public:
  Kinds() {
    add_endpoints();
    add_endpoint_slice();
    add_service();
    kinds_["Namespace"] = types_.object(
        {{"spec", types_.structure({})}, {"status", types_.structure({{"phase", string()}})}});
  }
  const schema::Type* find(const std::string& kind) const {
    const auto it = kinds_.find(kind);
    return it == kinds_.end() ? nullptr : it->second;
  }

 private:
  const schema::Type* string() { return types_.string(); }

  // Items of atomic lists are not looked into.
  schema::Type* atomic_list() { return types_.list_of(types_.scalar(Types::Kind::any)); }

  void add_endpoints() { kinds_["Endpoints"] = types_.object({{"subsets", atomic_list()}}); }

  void add_endpoint_slice() {
    schema::Type* type = types_.object(
        {{"addressType", string()}, {"endpoints", atomic_list()}, {"ports", atomic_list()}});
    Types::field_of(type, "addressType").when_empty = Empty::zero;
    Types::field_of(type, "endpoints").when_empty = Empty::null;
    Types::field_of(type, "ports").when_empty = Empty::null;
    kinds_["EndpointSlice"] = type;
  }

  void add_service() {
    schema::Type* port =
        types_.structure({{"name", string()},
                          {"port", types_.integer()},
                          {"protocol", string()},
                          {"targetPort", types_.scalar(Types::Kind::int_or_string)}});
    Types::set_default(port, "protocol", "TCP");
    schema::Type* selector = types_.map_of(string());
    selector->atomic = true;
    kinds_["Service"] = types_.object(
        {{"spec", types_.structure({{"selector", selector},
                                    {"ports", types_.list_by({"port", "protocol"}, port)},
                                    {"internalTrafficPolicy", string()},
                                    {"sessionAffinity", string()},
                                    {"type", string()}})},
         {"status", types_.structure({{"loadBalancer", types_.structure({})}})}});
  }

  Types types_;
  std::map<std::string, const schema::Type*> kinds_;
};

// The answer without what the strategies of the kinds fill in once the owners are settled
// (pkg/registry/core), and with the empty lists that were sent: only protobuf, in which objects are
// stored, makes null of them.
json as_the_field_manager_saw_it(json object, const json& sent) {
  object["metadata"].erase("managedFields");
  for (const auto& [name, value] : object.items()) {
    if (value.is_null() && sent.is_object() && sent.value(name, json()) == json::array())
      object[name] = json::array();
  }
  if (object["kind"] == "Namespace") object["spec"].erase("finalizers");
  if (object["kind"] == "Service") {
    for (const char* name : {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"})
      object["spec"].erase(name);
  }
  return object;
}

json without_times(json entries) {
  for (json& entry : entries) entry.erase("time");
  return entries;
}

// Replays the writes of a conversation, each on what was recorded before it.
class Replay {
 public:
  void write(const json& step) {
    const json& request = step["request"];
    const json body = step["response"].value("body", json());
    if (!body.is_object() || step["response"]["status"] >= 300) return;
    const std::string path = request["path"].get<std::string>();
    if (request["method"] == "DELETE") known_.erase(item(path, {}));
    const schema::Type* type = kinds_.find(body.value("kind", ""));
    if (type == nullptr || request["method"] == "GET" || request["method"] == "DELETE") return;
    const std::string key = item(path, body["metadata"]["name"]);
    const json* live = known_.count(key) != 0 ? &known_.at(key) : nullptr;
    const json entries = owners(request, body, type, live);
    EXPECT_EQ(without_times(entries), without_times(body["metadata"]["managedFields"]))
        << step["id"];
    ++compared_;
    if (path.find("dryRun") == std::string::npos) known_[key] = body;
  }
  int compared() const { return compared_; }

 private:
  static std::string item(const std::string& path, const std::string& name) {
    const std::string plain = path.substr(0, path.find('?'));
    const bool is_item = name.empty() || plain.ends_with("/" + name);
    return is_item ? plain : plain + "/" + name;
  }

  json owners(const json& request, const json& body, const schema::Type* type, const json* live) {
    const FieldSet reset = set_of_fields({{"status"}});
    const std::string path = request["path"].get<std::string>();
    const std::size_t at = path.find("fieldManager=");
    const std::string named =
        at == std::string::npos ? "" : path.substr(at + 13, path.find('&', at) - at - 13);
    const Manager manager{manager_name(named, "golden/1"), "", &reset, "2030-01-01T00:00:00Z"};
    const std::string content = request.value("headers", json::object()).value("Content-Type", "");
    if (!content.starts_with("application/apply-patch")) {
      return update_managers({live, as_the_field_manager_saw_it(body, request["body"]), type,
                              manager})["metadata"]["managedFields"];
    }
    const json& config = request["body"];
    const auto result = apply({live, &config, type, body["apiVersion"], body["kind"], manager,
                               path.find("force=true") != std::string::npos});
    EXPECT_TRUE(result) << (result ? "" : result.failure().message);
    return result ? result->object["metadata"]["managedFields"] : json();
  }

  Kinds kinds_;
  std::map<std::string, json> known_;
  int compared_ = 0;
};

class RecordedManagers : public ::testing::TestWithParam<const char*> {};

TEST_P(RecordedManagers, AreThoseThatTheRealServerWrote) {
  Replay replay;
  const std::string file =
      std::string(PROJECT_SOURCE_DIR) + "/fakeapi/tests/golden/" + GetParam() + ".json";
  for (const json& step : cluster::testing::load_json(file)) replay.write(step);
  EXPECT_GT(replay.compared(), 0);
}

INSTANTIATE_TEST_SUITE_P(Conversations, RecordedManagers,
                         ::testing::Values("auth", "endpoints-crud", "endpointslices-crud", "lists",
                                           "pods-services", "watch"));

}  // namespace
}  // namespace fakeapi::cluster::fields

// Field management against managedFields that kube-apiserver v1.37.2 wrote: nothing else compares
// those of the recorded conversations, so that they are an oracle that no code was fitted to.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/fields/manager_name.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/testing/conversation.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

const schema::Type* type_of(const json& object) {
  const std::string api_version = object.value("apiVersion", "");
  const std::size_t slash = api_version.find('/');
  const std::string group = slash == std::string::npos ? "" : api_version.substr(0, slash);
  const std::string version = api_version.substr(slash == std::string::npos ? 0 : slash + 1);
  const schema::Types* types = schema::types_of(group, version);
  return types == nullptr ? nullptr : types->find(group, version, object.value("kind", ""));
}

// What admission plugins and the strategies of the kinds fill in once the owners are settled
// (plugin/pkg/admission/{priority,defaulttolerationseconds}, pkg/registry/core).
const std::map<std::string, std::vector<const char*>> filled_in_later = {
    {"Namespace", {"finalizers"}},
    {"Pod", {"preemptionPolicy", "priority", "tolerations"}},
    {"Service", {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}}};

// The answer without that, and with the empty lists that were sent: only protobuf, in which objects
// are stored, makes null of them.
json as_the_field_manager_saw_it(json object, const json& sent) {
  object["metadata"].erase("managedFields");
  for (const auto& [name, value] : object.items()) {
    if (value.is_null() && sent.is_object() && sent.value(name, json()) == json::array())
      object[name] = json::array();
  }
  const auto later = filled_in_later.find(object["kind"].get<std::string>());
  if (later == filled_in_later.end()) return object;
  for (const char* name : later->second) object["spec"].erase(name);
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
    const std::string method = request["method"];
    const json body = step["response"].value("body", json());
    if (!body.is_object() || step["response"]["status"] >= 300) return;
    const Target target = target_of(request["path"]);
    if (method == "DELETE") known_.erase(target.item);
    const std::string name = body.value("metadata", json::object()).value("name", "");
    if (method == "GET" || method == "DELETE" || name.empty()) return;
    const std::string key = method == "POST" ? target.item + "/" + name : target.item;
    const json* live = known_.count(key) != 0 ? &known_.at(key) : nullptr;
    EXPECT_EQ(without_times(owners(request, target, body, live)),
              without_times(body["metadata"]["managedFields"]))
        << step["id"];
    ++compared_;
    if (target.query.find("dryRun") == std::string::npos) known_[key] = body;
  }
  int compared() const { return compared_; }

 private:
  struct Target {
    std::string item, subresource, query;

    std::string parameter(const std::string& name) const {
      const std::size_t at = query.find(name + "=");
      if (at == std::string::npos) return {};
      const std::size_t begin = at + name.size() + 1;
      return query.substr(begin, query.find('&', begin) - begin);
    }
  };
  static Target target_of(const std::string& path) {
    const std::size_t end = path.find('?');
    Target out{path.substr(0, end), {}, end == std::string::npos ? "" : path.substr(end)};
    if (out.item.ends_with("/status")) {
      out.subresource = "status";
      out.item.resize(out.item.size() - 7);
    }
    return out;
  }

  static json owners(const json& request, const Target& target, const json& body,
                     const json* live) {
    const bool main = target.subresource.empty();
    const FieldSet reset = main ? set_of_fields({{"status"}}) : set_of_fields({{"spec"}});
    const Manager manager{manager_name(target.parameter("fieldManager"), "golden/1"),
                          target.subresource, &reset, "2030-01-01T00:00:00Z"};
    const json sent = request.value("body", json());
    const std::string content = request.value("headers", json::object()).value("Content-Type", "");
    if (!content.starts_with("application/apply-patch")) {
      json object =
          update_managers({live, as_the_field_manager_saw_it(body, sent), type_of(body), manager});
      return object["metadata"]["managedFields"];
    }
    const auto result = apply({live, &sent, type_of(body), body["apiVersion"], body["kind"],
                               manager, target.parameter("force") == "true"});
    EXPECT_TRUE(result) << (result ? "" : result.failure().message);
    return result ? result->object["metadata"]["managedFields"] : json();
  }

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

// Tables and partial metadata, as apiserver pkg/endpoints/handlers/response.go makes them, and the
// recordings of kube-apiserver v1.37.2 in fakeapi/tests/tables.json.
#include "fakeapi/cluster/columns/table.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"
#include "fakeapi/cluster/testing/conversation.hpp"

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::now;

const json object = R"({"kind":"Endpoints","apiVersion":"v1",
  "metadata":{"name":"db","resourceVersion":"7","labels":{"app":"db"}},"subsets":[]})"_json;

// What ends the initial events of a watch (recording sse-initial in watch.json).
const json last_bookmark = R"({"kind":"Endpoints","apiVersion":"v1","metadata":{
  "resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}})"_json;

json row_object(const json& of, IncludeObject include) {
  const json table = table_of(endpoints(), of, {"v1", include, true}, now);
  return table["rows"][0]["object"];
}

TEST(Tables, AreOfTheVersionThatWasAskedFor) {
  const json table = table_of(endpoints(), object, {"v1beta1"}, now);
  EXPECT_EQ(table["kind"], "Table");
  EXPECT_EQ(table["apiVersion"], "meta.k8s.io/v1beta1");
  EXPECT_EQ(table["rows"][0]["object"]["apiVersion"], "meta.k8s.io/v1beta1");
}

TEST(Tables, CarryMetadataUnlessAskedOtherwise) {
  const json partial = row_object(object, IncludeObject::metadata);
  EXPECT_EQ(partial["kind"], "PartialObjectMetadata");
  EXPECT_EQ(partial["metadata"], object["metadata"]);
  EXPECT_EQ(partial.size(), 3U);
  EXPECT_EQ(row_object(object, IncludeObject::none), json());
  EXPECT_EQ(row_object(object, IncludeObject::object), object);
}

// HasInitialEventsEndBookmarkAnnotation: the annotation must reach the client.
TEST(Tables, CarryTheEndOfInitialEventsInAnyCase) {
  EXPECT_EQ(row_object(last_bookmark, IncludeObject::none)["metadata"], last_bookmark["metadata"]);
  EXPECT_EQ(row_object(last_bookmark, IncludeObject::object), last_bookmark);
  json plain = last_bookmark;
  plain["metadata"].erase("annotations");
  EXPECT_EQ(row_object(plain, IncludeObject::none), json());
}

TEST(Tables, CarryTheMetadataOfTheList) {
  const std::vector<const json*> objects = {&object};
  const json page = table_of_list(endpoints(), objects, {"12", "next", 3}, {}, now);
  EXPECT_EQ(page["metadata"],
            json({{"resourceVersion", "12"}, {"continue", "next"}, {"remainingItemCount", 3}}));
  const json last = table_of_list(endpoints(), objects, {"12", "", std::nullopt}, {}, now);
  EXPECT_EQ(last["metadata"], json({{"resourceVersion", "12"}}));
}

// Printers of lists make a slice first; the two convertors that append to a nil one send null.
TEST(Tables, AreEmptyInTwoWays) {
  EXPECT_EQ(table_of_list(endpoints(), {}, {"1", "", std::nullopt}, {}, now)["rows"],
            json::array());
  EXPECT_EQ(table_of_list(name_and_creation(), {}, {"1", "", std::nullopt}, {}, now)["rows"],
            json());
}

TEST(Tables, CarryConditionsOnlyWhereThereAreSome) {
  const json running = table_of(pods(), R"({"status":{"phase":"Running"}})"_json, {}, now);
  EXPECT_FALSE(running["rows"][0].contains("conditions"));
  const json done = table_of(pods(), R"({"status":{"phase":"Succeeded"}})"_json, {}, now);
  EXPECT_EQ(done["rows"][0]["conditions"][0]["type"], "Completed");
}

TEST(Tables, DefineAllColumns) {
  const json columns = table_of(pods(), object, {}, now)["columnDefinitions"];
  ASSERT_EQ(columns.size(), pods().columns.size());
  for (const json& column : columns) {
    for (const char* key : {"name", "type", "format", "description", "priority"})
      EXPECT_TRUE(column.contains(key)) << key;
  }
}

TEST(TableSequences, DefineColumnsOnceForAWatch) {
  TableSequence sequence(endpoints(), {});
  EXPECT_EQ(sequence.next(object, now)["columnDefinitions"].size(), 3U);
  const json second = sequence.next(last_bookmark, now);
  EXPECT_EQ(second["columnDefinitions"], json());
  EXPECT_EQ(second["metadata"], json({{"resourceVersion", "9"}}));
  EXPECT_EQ(second["rows"][0]["cells"], json({"", "<none>", "<unknown>"}));
}

// apimachinery meta/v1beta1/validation, wrapped by optionsForTransform.
TEST(IncludeObjects, RefuseWhatIsNone) {
  EXPECT_EQ(*read_include_object(""), IncludeObject::metadata);
  EXPECT_EQ(*read_include_object("Metadata"), IncludeObject::metadata);
  EXPECT_EQ(*read_include_object("None"), IncludeObject::none);
  EXPECT_EQ(*read_include_object("Object"), IncludeObject::object);
  const auto refused = read_include_object("all");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, 400);
  EXPECT_EQ(refused.failure().reason, "BadRequest");
  EXPECT_EQ(refused.failure().message,
            "Unable to convert to Table as requested: includeObject: Invalid value: \"all\": must "
            "be 'Metadata', 'Object', 'None', or empty");
}

// asPartialObjectMetadataList appends to a nil slice.
TEST(PartialMetadata, HasNullForItemsWithoutObjects) {
  const json list = partial_metadata_list({}, {"5", "", std::nullopt}, "v1beta1");
  EXPECT_EQ(list, R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1beta1",
    "metadata":{"resourceVersion":"5"},"items":null})"_json);
}

// %T of the internal type: events of both groups are held as core, custom resources as any JSON.
TEST(PartialMetadata, NamesTheTypeThatIsOrIsNoList) {
  EXPECT_EQ(no_partial_metadata_of_list("discovery.k8s.io", "EndpointSlice").message,
            "you requested PartialObjectMetadata, but the requested object is a list "
            "(*discovery.EndpointSliceList)");
  EXPECT_EQ(no_partial_metadata_of_list("events.k8s.io", "Event").message,
            "you requested PartialObjectMetadata, but the requested object is a list "
            "(*core.EventList)");
  const Failure one = no_partial_metadata_list_of_object("db.example.com", "Backup");
  EXPECT_EQ(one.code, 406);
  EXPECT_EQ(one.reason, "NotAcceptable");
  EXPECT_EQ(one.message,
            "you requested PartialObjectMetadataList, but the requested object is not a list "
            "(*unstructured.Unstructured)");
}

const json& recorded(const char* conversation, const char* step) {
  static const json all =
      cluster::testing::load_json(std::string(PROJECT_SOURCE_DIR) + "/fakeapi/tests/tables.json");
  return all.at(conversation).at(step).at("response");
}

// Recordings leave descriptions of columns out.
json comparable(json table) {
  for (json& column : table["columnDefinitions"]) column.erase("description");
  return table;
}

std::vector<const json*> pointers(const json& list) {
  std::vector<const json*> out;
  for (const json& one : list) out.push_back(&one);
  return out;
}

ListMeta meta_of(const json& answer) {
  return {answer["metadata"]["resourceVersion"].get<std::string>(), {}, std::nullopt};
}

// The moment of an answer whose object has that age.
WallTime moment(const json& of, std::chrono::seconds age) {
  return *parse_rfc3339(of["metadata"]["creationTimestamp"].get<std::string>()) + age;
}

TEST(RecordedTables, OfEndpointsAgree) {
  const json& items = recorded("lists", "all")["body"]["items"];
  const json& table = recorded("lists", "table")["body"];
  const auto at = moment(items[0], 9s);
  EXPECT_EQ(comparable(table_of_list(endpoints(), pointers(items), meta_of(table), {}, at)), table);
  const json& bare = recorded("lists", "table-include-object")["body"];
  EXPECT_EQ(comparable(table_of_list(endpoints(), pointers(items), meta_of(bare),
                                     {"v1", IncludeObject::none, true}, at)),
            bare);
}

TEST(RecordedTables, OfPodsServicesAndSlicesAgree) {
  const json& pod = recorded("pods-services", "get-pod")["body"];
  const json& pod_table = recorded("pods-services", "pods-table")["body"];
  EXPECT_EQ(comparable(table_of_list(pods(), std::vector<const json*>{&pod}, meta_of(pod_table), {},
                                     moment(pod, 0s))),
            pod_table);
  const json& service = recorded("pods-services", "create-service")["body"];
  const json& service_table = recorded("pods-services", "services-table")["body"];
  EXPECT_EQ(comparable(table_of_list(services(), std::vector<const json*>{&service},
                                     meta_of(service_table), {}, moment(service, 0s))),
            service_table);
  const json& slice_table = recorded("pods-services", "slices-table")["body"];
  EXPECT_EQ(comparable(table_of_list(endpoint_slices(), {}, meta_of(slice_table), {}, now)),
            slice_table);
}

TEST(RecordedTables, OfAWatchAgree) {
  const json& objects = recorded("watch", "sse-initial")["events"];
  const json& tables = recorded("watch", "table-watch")["events"];
  TableSequence sequence(endpoints(), {});
  ASSERT_EQ(tables.size(), 2U);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const json& changed = objects[i]["event"]["object"];
    EXPECT_EQ(comparable(sequence.next(changed, moment(changed, 29s))),
              tables[i]["event"]["object"]);
  }
}

TEST(RecordedMetadata, Agrees) {
  const json& items = recorded("lists", "all")["body"]["items"];
  const json& list = recorded("lists", "partial-metadata")["body"];
  EXPECT_EQ(partial_metadata_list(pointers(items), meta_of(list), "v1"), list);
  EXPECT_EQ(partial_metadata(items[0], "v1"), recorded("lists", "partial-metadata-get")["body"]);
  const json& objects = recorded("watch", "sse-initial")["events"];
  const json& events = recorded("watch", "partial-watch")["events"];
  ASSERT_EQ(events.size(), 2U);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(partial_metadata(objects[i]["event"]["object"], "v1"), events[i]["event"]["object"]);
  }
}

}  // namespace
}  // namespace fakeapi::cluster::columns

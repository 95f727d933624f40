// Events, as printers.go printEvent prints them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ago;
using testing::cells_of;
using testing::headers_of;

json core_event() {
  return {
      {"metadata", {{"name", "web.1"}}},
      {"involvedObject", {{"kind", "Pod"}, {"name", "web"}, {"fieldPath", "spec.containers{web}"}}},
      {"source", {{"component", "kubelet"}, {"host", "node-a"}}},
      {"type", "Warning"},
      {"reason", "BackOff"},
      {"message", " restarting \n"},
      {"firstTimestamp", ago(5min)},
      {"lastTimestamp", ago(30s)},
      {"eventTime", nullptr},
      {"reportingComponent", "other"},
      {"reportingInstance", "other-1"},
      {"count", 6}};
}

const json printed = {
    "30s",        "Warning", "BackOff", "pod/web", "spec.containers{web}", "kubelet, node-a",
    "restarting", "5m",      6,         "web.1"};

TEST(PrintEvent, HasTheColumnsOfEvents) {
  EXPECT_EQ(headers_of(events()),
            "Last Seen,Type,Reason,Object,Subobject*,Source*,Message,First Seen*,Count*,Name*");
}

TEST(PrintEvent, ShowsWhatHappenedToWhatAndWhen) {
  EXPECT_EQ(cells_of(events(), core_event()), printed);
}

// The same event as events.k8s.io/v1 writes it (api/events/v1/types.go).
TEST(PrintEvent, PrintsBothApisAlike) {
  json event = core_event();
  const std::pair<const char*, const char*> names[] = {
      {"involvedObject", "regarding"},
      {"source", "deprecatedSource"},
      {"message", "note"},
      {"firstTimestamp", "deprecatedFirstTimestamp"},
      {"lastTimestamp", "deprecatedLastTimestamp"},
      {"reportingComponent", "reportingController"},
      {"count", "deprecatedCount"}};
  for (const auto& [core, other] : names) {
    event[other] = event[core];
    event.erase(core);
  }
  EXPECT_EQ(cells_of(events(), event), printed);
}

// An event of the new API has one time, counts itself, and names its reporter.
TEST(PrintEvent, FallsBackToTheTimeAndReporterOfTheNewApi) {
  json event = core_event();
  for (const char* key : {"firstTimestamp", "lastTimestamp", "source", "count"}) event.erase(key);
  event["eventTime"] = "2026-11-23T06:20:14.000000Z";
  const json cells = cells_of(events(), event);
  EXPECT_EQ(json({cells[0], cells[7]}), json({"60s", "60s"}));
  EXPECT_EQ(cells[8], 1);
  EXPECT_EQ(cells[5], "other, other-1");
}

TEST(PrintEvent, CountsASeries) {
  json event = core_event();
  event["series"] = {{"count", 9}, {"lastObservedTime", "2026-11-23T06:21:13.000000Z"}};
  const json cells = cells_of(events(), event);
  EXPECT_EQ(json({cells[0], cells[7], cells[8]}), json({"1s", "5m", 9}));
}

TEST(PrintEvent, ShowsOnlyTheKindOfWhatHasNoName) {
  json event = core_event();
  event["involvedObject"].erase("name");
  EXPECT_EQ(cells_of(events(), event)[3], "pod");
}

TEST(PrintEvent, LeavesOutAHostThatIsUnknown) {
  json event = core_event();
  event["source"].erase("host");
  event.erase("reportingInstance");
  EXPECT_EQ(cells_of(events(), event)[5], "kubelet");
}

TEST(PrintEvent, IsUnknownWithoutAnyTime) {
  const json cells = cells_of(events(), json::object());
  EXPECT_EQ(json({cells[0], cells[7]}), json({"<unknown>", "<unknown>"}));
}

}  // namespace
}  // namespace fakeapi::cluster::columns

// List and watch as the API concepts describe them (kubernetes.io/docs/reference/using-api/
// api-concepts).
#include "fakeapi/client/reflector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fakeapi::client {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json pod(const std::string& name, const std::string& version, const std::string& uid = "u") {
  return {
      {"metadata",
       {{"name", name}, {"namespace", "shop"}, {"uid", uid + name}, {"resourceVersion", version}}}};
}

std::string list(const std::vector<json>& items, const std::string& version,
                 const std::string& more = "") {
  return json({{"metadata", {{"resourceVersion", version}, {"continue", more}}}, {"items", items}})
      .dump();
}

std::string event(const std::string& type, const json& object) {
  return json({{"type", type}, {"object", object}}).dump();
}

std::string expired() {
  return event("ERROR", {{"kind", "Status"}, {"code", 410}, {"message", "too old"}});
}

std::vector<std::string> told(const Reaction& reaction) {
  std::vector<std::string> lines;
  for (const Change& change : reaction.changes) {
    lines.push_back((change.gone ? "-" : "+") +
                    change.object["metadata"]["name"].get<std::string>());
  }
  return lines;
}

class ReflectorTest : public testing::Test {
 protected:
  Reaction answer(int status, const std::string& body, const std::string& retry_after = "") {
    return reflector_.on_answer(status, retry_after, body, 0.5);
  }
  Reaction line(const std::string& text) { return reflector_.on_line(text, 0.5); }
  void begin(const std::vector<json>& items) { answer(200, list(items, "10")); }

  Reflector reflector_{{"Pod", "v1", "pods", "shop"}};
};

TEST_F(ReflectorTest, ListsInPagesAndWatchesFromTheVersionOfTheList) {
  EXPECT_EQ(reflector_.target(0), "/api/v1/namespaces/shop/pods?limit=500");
  const Reaction first = answer(200, list({pod("a", "1")}, "10", "more/="));
  EXPECT_THAT(told(first), IsEmpty());
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(reflector_.target(0), "/api/v1/namespaces/shop/pods?limit=500&continue=more%2F%3D");
  const Reaction second = answer(200, list({pod("b", "2")}, "10"));
  EXPECT_THAT(told(second), ElementsAre("+a", "+b"));
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.changes[0].object["kind"], "Pod");
  EXPECT_EQ(reflector_.target(300),
            "/api/v1/namespaces/shop/pods?watch=true&allowWatchBookmarks=true&resourceVersion=10"
            "&timeoutSeconds=300");
}

TEST_F(ReflectorTest, OfAllNamespacesAndOfAGroup) {
  const Reflector all({"EndpointSlice", "discovery.k8s.io/v1", "endpointslices", ""});
  EXPECT_EQ(all.target(0), "/apis/discovery.k8s.io/v1/endpointslices?limit=500");
}

TEST_F(ReflectorTest, TellsWhatTheWatchTells) {
  begin({pod("a", "1")});
  EXPECT_THAT(told(line(event("ADDED", pod("b", "11")))), ElementsAre("+b"));
  EXPECT_THAT(told(line(event("MODIFIED", pod("b", "12")))), ElementsAre("+b"));
  EXPECT_THAT(told(line(event("DELETED", pod("b", "13")))), ElementsAre("-b"));
  EXPECT_THAT(told(line(event("BOOKMARK", {{"metadata", {{"resourceVersion", "20"}}}}))),
              IsEmpty());
}

TEST_F(ReflectorTest, GoesOnFromTheLastVersionWhereAStreamWasCut) {
  begin({});
  line(event("BOOKMARK", {{"metadata", {{"resourceVersion", "20"}}}}));
  EXPECT_EQ(reflector_.on_end(0.5).pause.count(), 0);
  EXPECT_THAT(reflector_.target(300), HasSubstr("resourceVersion=20&"));
}

// What is told twice, as after a cut, is one change.
TEST_F(ReflectorTest, WhatIsKnownIsNotToldAgain) {
  begin({pod("a", "1")});
  EXPECT_THAT(told(line(event("ADDED", pod("a", "1")))), IsEmpty());
  EXPECT_THAT(told(line(event("DELETED", pod("z", "2")))), IsEmpty());
}

TEST_F(ReflectorTest, ListsAgainWhenTheHistoryIsGoneAndLosesNothing) {
  begin({pod("stays", "1"), pod("gone", "2"), pod("changed", "3"), pod("again", "4")});
  line(event("MODIFIED", pod("stays", "11")));
  EXPECT_EQ(line(expired()).pause.count(), 0);
  EXPECT_EQ(reflector_.target(0), "/api/v1/namespaces/shop/pods?limit=500");
  const Reaction again = answer(200, list({pod("stays", "11"), pod("changed", "20"),
                                           pod("again", "21", "another-"), pod("new", "22")},
                                          "30"));
  EXPECT_THAT(told(again), ElementsAre("-gone", "-again", "+again", "+changed", "+new"));
  EXPECT_EQ(again.changes[0].object["kind"], "Pod");
  EXPECT_FALSE(again.complete);  // that was the first time
}

TEST_F(ReflectorTest, A410AsTheAnswerOfAWatchMeansTheSame) {
  begin({});
  EXPECT_EQ(answer(410, "{}").pause.count(), 0);
  EXPECT_FALSE(reflector_.watches());
}

TEST_F(ReflectorTest, APageThatExpiredStartsTheListAnew) {
  answer(200, list({pod("a", "1")}, "10", "more"));
  EXPECT_EQ(answer(410, "{}").trouble, "");
  EXPECT_THAT(told(answer(200, list({pod("b", "1")}, "11"))), ElementsAre("+b"));
}

// A server that says 410 to every watch must not be asked in a loop without a pause.
TEST_F(ReflectorTest, A410AfterA410Waits) {
  begin({});
  line(expired());
  EXPECT_GT(line(expired()).pause.count(), 0);
}

TEST_F(ReflectorTest, WaitsLongerEachTimeAndAsLongAsTheServerSays) {
  const auto pause = [&] { return answer(500, "").pause; };
  EXPECT_EQ(pause(), milliseconds(600));
  EXPECT_EQ(pause(), milliseconds(1200));
  for (int i = 0; i < 40; ++i) pause();
  EXPECT_EQ(pause(), milliseconds(22500));  // half of 30 s, and half of the other half
  EXPECT_EQ(answer(429, "", "120").pause, milliseconds(120000));
  EXPECT_EQ(answer(429, "", "1000000").pause, milliseconds(300000));
  EXPECT_EQ(answer(429, "", "soon").pause, milliseconds(22500));
}

TEST_F(ReflectorTest, AWatchThatToldNothingWaits) {
  begin({});
  EXPECT_GT(reflector_.on_end(0.5).pause.count(), 0);
}

TEST_F(ReflectorTest, SaysWhatTheServerSaid) {
  EXPECT_EQ(answer(403, R"({"kind": "Status", "message": "pods is\nforbidden"})").trouble,
            "pods is forbidden (403)");
  EXPECT_EQ(answer(502, "<html>").trouble, "status 502");
}

TEST_F(ReflectorTest, AnswersThatAreNoneDoNotCountAsEmpty) {
  for (const char* body : {"", "[]", "{}", R"({"items": 5, "metadata": {"resourceVersion": "1"}})",
                           R"({"items": []})"}) {
    EXPECT_NE(answer(200, body).trouble, "") << body;
  }
  begin({});
  EXPECT_NE(line("half an ev").trouble, "");
  EXPECT_FALSE(reflector_.watches());
}

}  // namespace
}  // namespace fakeapi::client

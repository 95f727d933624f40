#include "waiter/k8s/watch_decoder.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace waiter::k8s {
namespace {

using nlohmann::json;

json slice_object(const std::string& name, const std::string& version) {
  return {{"kind", "EndpointSlice"},
          {"apiVersion", "discovery.k8s.io/v1"},
          {"metadata",
           {{"name", name},
            {"resourceVersion", version},
            {"labels", {{"kubernetes.io/service-name", "mysql"}}}}},
          {"addressType", "IPv4"},
          {"endpoints", {{{"addresses", {"10.0.0.1"}}, {"conditions", {{"ready", true}}}}}},
          {"ports", {{{"name", "tcp"}, {"port", 3306}, {"protocol", "TCP"}}}}};
}

std::string event_line(const std::string& type, const json& object) {
  return json{{"type", type}, {"object", object}}.dump() + "\n";
}

std::string bookmark_line(const std::string& version) {
  return event_line("BOOKMARK",
                    {{"kind", "EndpointSlice"}, {"metadata", {{"resourceVersion", version}}}});
}

std::string error_line(int code, const std::string& reason) {
  return event_line("ERROR",
                    {{"kind", "Status"}, {"code", code}, {"reason", reason}, {"message", "words"}});
}

template <class What>
const What& only(const std::vector<WatchItem>& items) {
  EXPECT_EQ(items.size(), 1U);
  return std::get<What>(items.at(0));
}

TEST(WatchDecoder, ReadsEachTypeOfChange) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  EXPECT_EQ(only<SliceEvent>(decoder.feed(event_line("ADDED", slice_object("a", "5")))).type,
            SliceEvent::Type::added);
  EXPECT_EQ(only<SliceEvent>(decoder.feed(event_line("MODIFIED", slice_object("a", "6"))))
                .slice.resource_version,
            "6");
  EXPECT_EQ(only<SliceEvent>(decoder.feed(event_line("DELETED", slice_object("a", "7")))).type,
            SliceEvent::Type::deleted);
}

// golden/wire-facts.md: a bookmark has kind, apiVersion and metadata.resourceVersion, and nothing
// else.
TEST(WatchDecoder, ReadsABookmark) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  EXPECT_EQ(only<BookmarkEvent>(decoder.feed(bookmark_line("99"))).resource_version, "99");
}

// golden/wire-facts.md, "Expired history": the very line that kube-apiserver v1.37.2 sent.
TEST(WatchDecoder, ReadsTheExpiryOfARealServer) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  const auto items = decoder.feed(
      R"({"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
      R"-("message":"too old resource version: 1 (740)","reason":"Expired","code":410}})-"
      "\n");
  const auto& failure = only<ErrorEvent>(items).failure;
  EXPECT_EQ(failure.cause, core::Cause::expired);
  EXPECT_EQ(failure.message, "too old resource version: 1 (740)");
}

TEST(WatchDecoder, TakesNothingAfterAnError) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  const auto items =
      decoder.feed(error_line(500, "InternalError") + event_line("ADDED", slice_object("a", "5")));
  EXPECT_EQ(items.size(), 1U);
  EXPECT_TRUE(decoder.feed(bookmark_line("9")).empty());
}

// kubernetes-client/c wedges for ever on a malformed line; others skip it and lose a version in
// silence.
TEST(WatchDecoder, CallsALineThatIsNoEventAnError) {
  for (const char* line : {"not json\n", "[]\n", "{}\n", "{\"type\":\"ADDED\"}\n",
                           "{\"type\":\"SURPRISE\",\"object\":{}}\n",
                           "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}\n",
                           "{\"type\":\"BOOKMARK\",\"object\":{}}\n"}) {
    WatchDecoder decoder(core::Resource::endpoint_slices);
    const auto items = decoder.feed(line);
    ASSERT_EQ(items.size(), 1U) << line;
    EXPECT_TRUE(std::holds_alternative<DecodeError>(items[0])) << line;
  }
}

TEST(WatchDecoder, RefusesALineWithoutEnd) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  const std::string mebibyte(1024 * 1024, 'x');
  EXPECT_TRUE(decoder.feed(mebibyte).empty());
  EXPECT_TRUE(decoder.feed(mebibyte).empty());
  EXPECT_TRUE(decoder.feed(mebibyte).empty());
  EXPECT_TRUE(std::holds_alternative<DecodeError>(decoder.feed("x").at(0)));
}

TEST(WatchDecoder, KnowsThatALineIsCut) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  decoder.feed("{\"type\":");
  EXPECT_TRUE(decoder.has_partial_line());
}

TEST(WatchDecoder, ToleratesCarriageReturnsAndEmptyLines) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  std::string line = bookmark_line("9");
  line.insert(line.size() - 1, "\r");
  EXPECT_EQ(decoder.feed("\r\n\n" + line).size(), 1U);
}

std::string shown(const WatchItem& item) {
  if (const auto* change = std::get_if<SliceEvent>(&item)) {
    return std::to_string(static_cast<int>(change->type)) + change->slice.name + "@" +
           change->slice.resource_version;
  }
  if (const auto* bookmark = std::get_if<BookmarkEvent>(&item))
    return "bookmark@" + bookmark->resource_version;
  if (const auto* error = std::get_if<ErrorEvent>(&item)) return "error " + error->failure.message;
  return "undecodable " + std::get<DecodeError>(item).message;
}

std::vector<std::string> decoded(const std::vector<std::string>& pieces) {
  WatchDecoder decoder(core::Resource::endpoint_slices);
  std::vector<std::string> items;
  for (const std::string& piece : pieces) {
    for (const WatchItem& item : decoder.feed(piece)) items.push_back(shown(item));
  }
  return items;
}

// python-client#1325: a chunk of HTTP is no line, and a cut may fall inside a character.
RC_GTEST_PROP(WatchDecoderProperty, AnyChunkingOfABodyGivesTheSameEvents, ()) {
  std::string body;
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) {
    const std::string version = std::to_string(i + 1);
    const std::string name = *rc::gen::element<std::string>("a", "grüße-€-𝄞", "c");
    body += *rc::gen::element(event_line("ADDED", slice_object(name, version)),
                              event_line("DELETED", slice_object(name, version)),
                              bookmark_line(version), error_line(410, "Expired"),
                              std::string("garbage\n"));
  }
  body += *rc::gen::element<std::string>("", "{\"type\":");
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < body.size();) {
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 60));
    pieces.push_back(body.substr(at, size));
    at += size;
  }
  RC_ASSERT(decoded(pieces) == decoded({body}));
}

RC_GTEST_PROP(WatchDecoderProperty, AnyBytesAreEventsOrAnError,
              (const std::vector<std::string>& pieces)) {
  for (const std::string& item : decoded(pieces)) RC_ASSERT(!item.empty());
}

}  // namespace
}  // namespace waiter::k8s

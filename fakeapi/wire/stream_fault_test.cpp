// What a fault makes of a watch, in virtual time: each effect has a test that pins bytes and end.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/wire/exchange.hpp"
#include "fakeapi/wire/test_streams.hpp"

namespace fakeapi::wire {
namespace {

using namespace testing_tools;
using State = Segment::State;
using Parts = std::vector<std::string>;
using nlohmann::json;

const std::string first = R"({"type":"ADDED","object":{"name":"first"}})"
                          "\n";
const std::string second = R"({"type":"ADDED","object":{"name":"second"}})"
                           "\n";
const std::string third = R"({"type":"ADDED","object":{"name":"third"}})"
                          "\n";
const Instant start{seconds(100)};

/// A watch that says three events, met by an action.
struct Watch {
  explicit Watch(fault::Action action)
      : exchange(start, stream_response(script), decision_of(std::move(action))) {
    for (const std::string& event : {first, second, third}) script->say(event);
  }
  Read read(Instant now = start) { return read_all(exchange, now); }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  Exchange exchange;
};

TEST(StreamFault, StreamThatClosesEndsInOrderAfterItsEvents) {
  Watch watch(stream_action(fault::StreamEffect::close, 2));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, (Parts{first, second}));
  EXPECT_EQ(read.end, State::ended);
  EXPECT_TRUE(watch.script->destroyed) << "nobody asks it again";
}

TEST(StreamFault, StreamThatIsCutEndsWithoutItsEnd) {
  Watch watch(stream_action(fault::StreamEffect::cut, 1));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, Parts{first});
  EXPECT_EQ(read.end, State::cut);
}

TEST(StreamFault, StreamThatIsResetSaysSo) {
  Watch watch(stream_action(fault::StreamEffect::reset, 3));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, (Parts{first, second, third}));
  EXPECT_EQ(read.end, State::reset);
}

TEST(StreamFault, EffectWithoutEventsComesBeforeTheFirst) {
  Watch watch(stream_action(fault::StreamEffect::cut));
  EXPECT_EQ(watch.read().parts, Parts{});
}

// A half-open connection: neither events nor bookmarks nor the end of timeoutSeconds.
TEST(StreamFault, StreamThatStallsSaysNothingForEver) {
  Watch watch(stream_action(fault::StreamEffect::stall, 1));
  watch.script->deadline = start + seconds(5);
  EXPECT_EQ(watch.read().parts, Parts{first});
  EXPECT_EQ(watch.exchange.deadline(), std::nullopt);
  const Read later = watch.read(start + std::chrono::hours(10));
  EXPECT_EQ(later.parts, Parts{});
  EXPECT_EQ(later.end, State::idle);
  EXPECT_TRUE(watch.script->destroyed);
}

TEST(StreamFault, EffectAfterATimeComesWhenItsTimeHasCome) {
  Watch watch(stream_action(fault::StreamEffect::cut, 0, seconds(2)));
  EXPECT_EQ(watch.read().end, State::idle);
  EXPECT_EQ(watch.exchange.deadline(), start + seconds(2));
  EXPECT_EQ(watch.read(start + seconds(2) - milliseconds(1)).end, State::idle);
  EXPECT_EQ(watch.read(start + seconds(2)).end, State::cut);
}

// The stream begins when its head has been sent, not when it was asked for.
TEST(StreamFault, TimeOfAnEffectIsCountedFromTheBeginningOfTheStream) {
  Watch watch(stream_action(fault::StreamEffect::cut, 0, seconds(2)));
  const Instant late = start + seconds(10);
  EXPECT_EQ(watch.read(late).end, State::idle);
  EXPECT_EQ(watch.exchange.deadline(), late + seconds(2));
}

TEST(StreamFault, EffectAfterEventsAndATimeWaitsForBoth) {
  Watch watch(stream_action(fault::StreamEffect::cut, 4, seconds(2)));
  EXPECT_EQ(watch.read().parts.size(), 3U);
  EXPECT_EQ(watch.exchange.deadline(), std::nullopt) << "no time brings the fourth event";
  EXPECT_EQ(watch.read(start + seconds(3)).end, State::idle);
  watch.script->say(first);
  const Read read = watch.read(start + seconds(3));
  EXPECT_EQ(read.parts, Parts{first});
  EXPECT_EQ(read.end, State::cut);
}

TEST(StreamFault, StreamThatEndsBeforeTheEffectEndsAsItWould) {
  Watch watch(stream_action(fault::StreamEffect::reset, 9));
  watch.script->end();
  EXPECT_EQ(watch.read().end, State::ended);
}

TEST(StreamFault, EventThatIsCutIsAWholeChunkAndHalfAnEvent) {
  Watch watch(stream_action(fault::StreamEffect::cut_event, 1));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 2U);
  EXPECT_FALSE(read.parts[1].empty());
  EXPECT_EQ(second.substr(0, read.parts[1].size()), read.parts[1]);
  EXPECT_FALSE(json::accept(read.parts[1]));
  EXPECT_FALSE(read.chunk_open);
  EXPECT_EQ(read.end, State::cut);
}

TEST(StreamFault, ChunkThatIsCutIsAnnouncedWhole) {
  Watch watch(stream_action(fault::StreamEffect::cut_chunk, 1));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 2U);
  EXPECT_FALSE(read.parts[1].empty());
  EXPECT_LT(read.parts[1].size(), second.size() - 2);
  EXPECT_TRUE(read.chunk_open);
  EXPECT_EQ(read.end, State::cut);
}

// Wherever the draw falls, what is left can be taken for no whole event.
TEST(StreamFault, NoCutLeavesAnEventThatCanBeRead) {
  for (std::uint64_t index = 1; index <= 200; ++index) {
    for (const fault::StreamEffect effect :
         {fault::StreamEffect::cut_event, fault::StreamEffect::cut_chunk}) {
      const auto script = std::make_shared<Script>();
      script->say(first);
      Exchange exchange(start, stream_response(script), decision_of(stream_action(effect), index));
      const Read read = read_all(exchange, start);
      ASSERT_EQ(read.parts.size(), 1U);
      ASSERT_FALSE(read.parts[0].empty());
      ASSERT_FALSE(json::accept(read.parts[0]));
    }
  }
}

bool ends_inside_a_character(const std::string& text) {
  // RFC 3629: a lead byte says how many follow it.
  std::size_t at = text.size();
  std::size_t after = 0;
  while (at > 0 && (static_cast<unsigned char>(text[at - 1]) & 0xC0U) == 0x80U) --at, ++after;
  if (at == 0) return false;
  const auto lead = static_cast<unsigned char>(text[at - 1]);
  const std::size_t wanted = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : lead >= 0xC0U ? 1 : 0;
  return after < wanted;
}

TEST(StreamFault, EventIsCutInsideOfACharacterThatItHas) {
  Watch watch(stream_action(fault::StreamEffect::cut_character, 3));
  const std::string event = "{\"type\":\"ADDED\",\"object\":{\"name\":\"M\xC3\xBCnchen\"}}\n";
  watch.script->say(event);
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 4U);
  EXPECT_TRUE(ends_inside_a_character(read.parts[3]));
  EXPECT_EQ(event.substr(0, read.parts[3].size()), read.parts[3]);
  EXPECT_EQ(read.end, State::cut);
}

TEST(StreamFault, EventWithoutSuchACharacterIsGivenOne) {
  Watch watch(stream_action(fault::StreamEffect::cut_character));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 1U);
  EXPECT_TRUE(ends_inside_a_character(read.parts[0]));
  const std::string whole = read.parts[0] + "\xAC\"}}";  // what a client would have got in the end
  EXPECT_EQ(json::parse(whole)["object"]["name"], "first\xE2\x82\xAC");
}

// wire-facts, "Expired history": the ERROR event is the last, and the stream ends in order.
TEST(StreamFault, ErrorEventIsFollowedByTheEnd) {
  struct Expectation {
    fault::StreamEffect effect;
    int code;
    const char* reason;
  };
  for (const Expectation& expected :
       {Expectation{fault::StreamEffect::error_410, 410, "Expired"},
        Expectation{fault::StreamEffect::error_429, 429, "TooManyRequests"},
        Expectation{fault::StreamEffect::error_500, 500, "InternalError"}}) {
    Watch watch(stream_action(expected.effect, 1));
    const Read read = watch.read();
    ASSERT_EQ(read.parts.size(), 2U);
    EXPECT_EQ(read.parts[1].back(), '\n');
    const json event = json::parse(read.parts[1]);
    EXPECT_EQ(event["type"], "ERROR");
    EXPECT_EQ(event["object"]["kind"], "Status");
    EXPECT_EQ(event["object"]["code"], expected.code);
    EXPECT_EQ(event["object"]["reason"], expected.reason);
    EXPECT_EQ(read.end, State::ended);
  }
}

TEST(StreamFault, EventComesTwice) {
  Watch watch(stream_action(fault::StreamEffect::duplicate, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, second, second, third}));
}

TEST(StreamFault, EventComesAfterTheOneBehindIt) {
  Watch watch(stream_action(fault::StreamEffect::reorder, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, third, second}));
}

TEST(StreamFault, EventThatNothingFollowsComesBeforeTheEnd) {
  Watch watch(stream_action(fault::StreamEffect::reorder, 2));
  EXPECT_EQ(watch.read().parts, (Parts{first, second}));
  watch.script->end();
  const Read read = watch.read();
  EXPECT_EQ(read.parts, Parts{third});
  EXPECT_EQ(read.end, State::ended);
}

TEST(StreamFault, EventNeverComes) {
  Watch watch(stream_action(fault::StreamEffect::drop, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, third}));
}

}  // namespace
}  // namespace fakeapi::wire

// What a client gets for a request, with and without a fault, in virtual time. Every action of a
// plan has a test here that pins the bytes and the end.
#include "fakeapi/wire/exchange.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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
  explicit Watch(Action action)
      : exchange(start, stream_response(script), decision_of(std::move(action))) {
    for (const std::string& event : {first, second, third}) script->say(event);
  }
  Read read(Instant now = start) { return read_all(exchange, now); }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  Exchange exchange;
};

Exchange body_exchange(Action action, const std::string& body = "0123456789") {
  return Exchange(start, body_response(body), decision_of(std::move(action)));
}

Action body_action(BodyFault fault) {
  Action action;
  action.body = fault;
  return action;
}

Action bandwidth(std::uint64_t bytes_per_second) {
  Action action;
  action.bandwidth_bytes_per_second = bytes_per_second;
  return action;
}

TEST(Exchange, WithoutAFaultAStreamIsWhatTheClusterSays) {
  const auto script = std::make_shared<Script>();
  Exchange exchange(start, stream_response(script));
  script->say(first);
  script->say(second);
  EXPECT_TRUE(exchange.head().chunked);
  EXPECT_TRUE(exchange.head_is_due(start));
  Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, (Parts{first, second}));
  EXPECT_EQ(read.end, State::idle);
  script->end();
  EXPECT_EQ(exchange.next(start).state, State::ended);
}

TEST(Exchange, WithoutAFaultACutOfTheClusterIsACut) {
  const auto script = std::make_shared<Script>();
  Exchange exchange(start, stream_response(script));
  script->end(cluster::WatchStream::State::cut);
  EXPECT_EQ(exchange.next(start).state, State::cut);
}

TEST(Exchange, WithoutAFaultABodyIsThereAtOnce) {
  Exchange exchange(start, body_response("body"));
  ASSERT_NE(exchange.body(), nullptr);
  EXPECT_EQ(*exchange.body(), "body");
  EXPECT_EQ(exchange.head().length_bytes, 4U);
}

TEST(Exchange, LatencyIsAddedToTheTimeThatTheClusterTakes) {
  Action action;
  action.latency = Latency{Latency::Shape::constant, milliseconds(50), {}, 0};
  cluster::Response response = body_response("body");
  response.delay = seconds(3);
  Exchange exchange(start, std::move(response), decision_of(action));
  EXPECT_EQ(exchange.head_due(), start + seconds(3) + milliseconds(50));
  EXPECT_FALSE(exchange.head_is_due(start + seconds(3)));
  EXPECT_TRUE(exchange.head_is_due(start + seconds(4)));
  ASSERT_NE(exchange.body(), nullptr) << "a body that is only late comes in one piece";
}

TEST(Exchange, StreamThatClosesEndsInOrderAfterItsEvents) {
  Watch watch(stream_action(StreamEffect::close, 2));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, (Parts{first, second}));
  EXPECT_EQ(read.end, State::ended);
  EXPECT_TRUE(watch.script->destroyed) << "nobody asks it again";
}

TEST(Exchange, StreamThatIsCutEndsWithoutItsEnd) {
  Watch watch(stream_action(StreamEffect::cut, 1));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, Parts{first});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, StreamThatIsResetSaysSo) {
  Watch watch(stream_action(StreamEffect::reset, 3));
  const Read read = watch.read();
  EXPECT_EQ(read.parts, (Parts{first, second, third}));
  EXPECT_EQ(read.end, State::reset);
}

TEST(Exchange, EffectWithoutEventsComesBeforeTheFirst) {
  Watch watch(stream_action(StreamEffect::cut));
  EXPECT_EQ(watch.read().parts, Parts{});
}

// A half-open connection: neither events nor bookmarks nor the end of timeoutSeconds.
TEST(Exchange, StreamThatStallsSaysNothingForEver) {
  Watch watch(stream_action(StreamEffect::stall, 1));
  watch.script->deadline = start + seconds(5);
  EXPECT_EQ(watch.read().parts, Parts{first});
  EXPECT_EQ(watch.exchange.deadline(), std::nullopt);
  const Read later = watch.read(start + std::chrono::hours(10));
  EXPECT_EQ(later.parts, Parts{});
  EXPECT_EQ(later.end, State::idle);
  EXPECT_TRUE(watch.script->destroyed);
}

TEST(Exchange, EffectAfterATimeComesWhenItsTimeHasCome) {
  Watch watch(stream_action(StreamEffect::cut, 0, seconds(2)));
  EXPECT_EQ(watch.read().end, State::idle);
  EXPECT_EQ(watch.exchange.deadline(), start + seconds(2));
  EXPECT_EQ(watch.read(start + seconds(2) - milliseconds(1)).end, State::idle);
  EXPECT_EQ(watch.read(start + seconds(2)).end, State::cut);
}

// The stream begins when its head has been sent, not when it was asked for.
TEST(Exchange, TimeOfAnEffectIsCountedFromTheBeginningOfTheStream) {
  Watch watch(stream_action(StreamEffect::cut, 0, seconds(2)));
  const Instant late = start + seconds(10);
  EXPECT_EQ(watch.read(late).end, State::idle);
  EXPECT_EQ(watch.exchange.deadline(), late + seconds(2));
}

TEST(Exchange, EffectAfterEventsAndATimeWaitsForBoth) {
  Watch watch(stream_action(StreamEffect::cut, 4, seconds(2)));
  EXPECT_EQ(watch.read().parts.size(), 3U);
  EXPECT_EQ(watch.exchange.deadline(), std::nullopt) << "no time brings the fourth event";
  EXPECT_EQ(watch.read(start + seconds(3)).end, State::idle);
  watch.script->say(first);
  const Read read = watch.read(start + seconds(3));
  EXPECT_EQ(read.parts, Parts{first});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, StreamThatEndsBeforeTheEffectEndsAsItWould) {
  Watch watch(stream_action(StreamEffect::reset, 9));
  watch.script->end();
  EXPECT_EQ(watch.read().end, State::ended);
}

TEST(Exchange, EventThatIsCutIsAWholeChunkAndHalfAnEvent) {
  Watch watch(stream_action(StreamEffect::cut_event, 1));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 2U);
  EXPECT_FALSE(read.parts[1].empty());
  EXPECT_EQ(second.substr(0, read.parts[1].size()), read.parts[1]);
  EXPECT_FALSE(json::accept(read.parts[1]));
  EXPECT_FALSE(read.chunk_open);
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, ChunkThatIsCutIsAnnouncedWhole) {
  Watch watch(stream_action(StreamEffect::cut_chunk, 1));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 2U);
  EXPECT_FALSE(read.parts[1].empty());
  EXPECT_LT(read.parts[1].size(), second.size() - 2);
  EXPECT_TRUE(read.chunk_open);
  EXPECT_EQ(read.end, State::cut);
}

// Wherever the draw falls, what is left can be taken for no whole event.
TEST(Exchange, NoCutLeavesAnEventThatCanBeRead) {
  for (std::uint64_t index = 1; index <= 200; ++index) {
    for (const StreamEffect effect : {StreamEffect::cut_event, StreamEffect::cut_chunk}) {
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

TEST(Exchange, EventIsCutInsideOfACharacterThatItHas) {
  Watch watch(stream_action(StreamEffect::cut_character, 3));
  const std::string event = "{\"type\":\"ADDED\",\"object\":{\"name\":\"M\xC3\xBCnchen\"}}\n";
  watch.script->say(event);
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 4U);
  EXPECT_TRUE(ends_inside_a_character(read.parts[3]));
  EXPECT_EQ(event.substr(0, read.parts[3].size()), read.parts[3]);
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, EventWithoutSuchACharacterIsGivenOne) {
  Watch watch(stream_action(StreamEffect::cut_character));
  const Read read = watch.read();
  ASSERT_EQ(read.parts.size(), 1U);
  EXPECT_TRUE(ends_inside_a_character(read.parts[0]));
  const std::string whole = read.parts[0] + "\xAC\"}}";  // what a client would have got in the end
  EXPECT_EQ(json::parse(whole)["object"]["name"], "first\xE2\x82\xAC");
}

// wire-facts, "Expired history": the ERROR event is the last, and the stream ends in order.
TEST(Exchange, ErrorEventIsFollowedByTheEnd) {
  struct Expectation {
    StreamEffect effect;
    int code;
    const char* reason;
  };
  for (const Expectation& expected : {Expectation{StreamEffect::error_410, 410, "Expired"},
                                      Expectation{StreamEffect::error_429, 429, "TooManyRequests"},
                                      Expectation{StreamEffect::error_500, 500, "InternalError"}}) {
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

TEST(Exchange, EventComesTwice) {
  Watch watch(stream_action(StreamEffect::duplicate, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, second, second, third}));
}

TEST(Exchange, EventComesAfterTheOneBehindIt) {
  Watch watch(stream_action(StreamEffect::reorder, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, third, second}));
}

TEST(Exchange, EventThatNothingFollowsComesBeforeTheEnd) {
  Watch watch(stream_action(StreamEffect::reorder, 2));
  EXPECT_EQ(watch.read().parts, (Parts{first, second}));
  watch.script->end();
  const Read read = watch.read();
  EXPECT_EQ(read.parts, Parts{third});
  EXPECT_EQ(read.end, State::ended);
}

TEST(Exchange, EventNeverComes) {
  Watch watch(stream_action(StreamEffect::drop, 1));
  EXPECT_EQ(watch.read().parts, (Parts{first, third}));
}

TEST(Exchange, BodyIsCutAfterSoManyBytes) {
  Exchange exchange = body_exchange(body_action({4, 0, BodyEffect::cut}));
  EXPECT_EQ(exchange.body(), nullptr);
  EXPECT_EQ(exchange.head().length_bytes, 10U) << "the head announces all of it";
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{"0123"});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, BodyIsCutAfterAShareOfIt) {
  Exchange exchange = body_exchange(body_action({std::nullopt, 0.7, BodyEffect::reset}));
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{"0123456"});
  EXPECT_EQ(read.end, State::reset);
}

TEST(Exchange, HeadCanBeAllThatComes) {
  Exchange exchange = body_exchange(body_action({0, 0, BodyEffect::cut}));
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, BodyThatStallsNeverEnds) {
  Exchange exchange = body_exchange(body_action({4, 0, BodyEffect::stall}));
  EXPECT_EQ(read_all(exchange, start).parts, Parts{"0123"});
  EXPECT_EQ(exchange.deadline(), std::nullopt);
  EXPECT_EQ(read_all(exchange, start + std::chrono::hours(1)).end, State::idle);
}

TEST(Exchange, BodyThatIsShortenedIsAnnouncedShort) {
  Exchange exchange = body_exchange(body_action({4, 0, BodyEffect::shorten}));
  ASSERT_NE(exchange.body(), nullptr);
  EXPECT_EQ(*exchange.body(), "0123");
  EXPECT_EQ(exchange.head().length_bytes, 4U);
}

TEST(Exchange, FaultOfBodiesLeavesStreamsAlone) {
  Watch watch(body_action({4, 0, BodyEffect::cut}));
  EXPECT_EQ(watch.read().parts, (Parts{first, second, third}));
}

TEST(Exchange, FaultOfStreamsLeavesBodiesAlone) {
  Exchange exchange = body_exchange(stream_action(StreamEffect::cut));
  ASSERT_NE(exchange.body(), nullptr);
}

/// Reads to the end as a client that comes whenever something is due; the value is when the last
/// byte came.
Instant read_slowly(Exchange& exchange, std::string& text, State& end) {
  Instant now = start;
  Instant last = start;
  for (int turns = 0; turns < 10'000; ++turns) {
    const Read read = read_all(exchange, now);
    if (!read.parts.empty()) last = now;
    text += read.all();
    end = read.end;
    if (read.end != State::idle || !exchange.deadline()) break;
    EXPECT_GT(*exchange.deadline(), now) << "asked again at once: a busy loop";
    now = *exchange.deadline();
  }
  return last;
}

TEST(Exchange, BodyComesNoFasterThanTheBandwidth) {
  Exchange exchange = body_exchange(bandwidth(1000), std::string(2000, 'x'));
  EXPECT_EQ(exchange.head().length_bytes, 2000U);
  std::string text;
  State end = State::idle;
  const Instant last = read_slowly(exchange, text, end);
  EXPECT_EQ(text, std::string(2000, 'x'));
  EXPECT_EQ(end, State::ended);
  // The last twentieth of a second's worth has left when the time for all before it is over.
  EXPECT_GE(last, start + milliseconds(1950));
  EXPECT_LE(last, start + milliseconds(2000));
}

TEST(Exchange, SlowEventsKeepTheirChunks) {
  Watch watch(bandwidth(100));
  watch.script->end();
  std::string text;
  State end = State::idle;
  read_slowly(watch.exchange, text, end);
  EXPECT_EQ(text, first + second + third);
  EXPECT_EQ(end, State::ended);
}

TEST(Exchange, SlowestLineSendsAByteASecond) {
  Exchange exchange = body_exchange(bandwidth(1), "abc");
  std::string text;
  State end = State::idle;
  EXPECT_EQ(read_slowly(exchange, text, end), start + seconds(2));
  EXPECT_EQ(text, "abc");
}

TEST(Exchange, SlowBodyCanBreakOff) {
  Action action = bandwidth(20);
  action.body = BodyFault{4, 0, BodyEffect::cut};
  Exchange exchange = body_exchange(action);
  std::string text;
  State end = State::idle;
  read_slowly(exchange, text, end);
  EXPECT_EQ(text, "0123");
  EXPECT_EQ(end, State::cut);
}

TEST(Exchange, InsteadOfAnAnswerTheConnectionEnds) {
  Action action;
  action.no_answer = NoAnswer::close;
  Exchange closed = Exchange::without_answer(start, decision_of(action));
  EXPECT_EQ(closed.head().status, 0);
  EXPECT_TRUE(closed.head_is_due(start));
  EXPECT_EQ(closed.next(start).state, State::cut);
  action.no_answer = NoAnswer::reset;
  EXPECT_EQ(Exchange::without_answer(start, decision_of(action)).next(start).state, State::reset);
}

TEST(Exchange, SilentRequestHasNoTime) {
  Action action;
  action.no_answer = NoAnswer::silence;
  Exchange exchange = Exchange::without_answer(start, decision_of(action));
  EXPECT_FALSE(exchange.head_is_due(start + std::chrono::hours(24 * 365)));
}

TEST(Exchange, ConnectionEndsLateWhenThereIsLatency) {
  Action action;
  action.no_answer = NoAnswer::close;
  action.latency = Latency{Latency::Shape::constant, seconds(1), {}, 0};
  Exchange exchange = Exchange::without_answer(start, decision_of(action));
  EXPECT_FALSE(exchange.head_is_due(start));
  EXPECT_TRUE(exchange.head_is_due(start + seconds(1)));
}

class Later final : public PendingAnswer {
 public:
  std::optional<cluster::Response> poll(Instant now) override {
    if (now < start + seconds(1)) return std::nullopt;
    return body_response("late");
  }
  Instant deadline() const override { return start + seconds(1); }
  void on_ready(std::function<void()>) override {}
};

TEST(Exchange, PendingAnswerIsAskedUntilItIsThere) {
  Exchange exchange(std::make_unique<Later>());
  EXPECT_TRUE(exchange.is_pending());
  EXPECT_EQ(exchange.head_due(), start + seconds(1));
  EXPECT_FALSE(exchange.head_is_due(start));
  EXPECT_TRUE(exchange.head_is_due(start + seconds(1)));
  EXPECT_FALSE(exchange.is_pending());
  EXPECT_EQ(*exchange.body(), "late");
}

}  // namespace
}  // namespace fakeapi::wire

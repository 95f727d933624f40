// What a client gets for a request, with and without a fault, in virtual time. Streams have a file
// of their own, stream_fault_test.cpp.
#include "fakeapi/wire/exchange.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fakeapi/wire/test_streams.hpp"

namespace fakeapi::wire {
namespace {

using namespace testing_tools;
using State = Segment::State;
using Parts = std::vector<std::string>;

const Instant start{seconds(100)};

Exchange body_exchange(fault::Action action, const std::string& body = "0123456789") {
  return Exchange(start, body_response(body), decision_of(std::move(action)));
}

fault::Action body_action(fault::BodyFault fault) {
  fault::Action action;
  action.body = fault;
  return action;
}

fault::Action bandwidth(std::uint64_t bytes_per_second) {
  fault::Action action;
  action.bandwidth_bytes_per_second = bytes_per_second;
  return action;
}

TEST(Exchange, WithoutAFaultAStreamIsWhatTheClusterSays) {
  const auto script = std::make_shared<Script>();
  Exchange exchange(start, stream_response(script));
  script->say("first\n");
  script->say("second\n");
  EXPECT_TRUE(exchange.head().chunked);
  EXPECT_TRUE(exchange.head_is_due(start));
  Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, (Parts{"first\n", "second\n"}));
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
  fault::Action action;
  action.latency =
      scenario::Distribution{scenario::Distribution::Shape::constant, milliseconds(50), {}, 0};
  cluster::Response response = body_response("body");
  response.delay = seconds(3);
  Exchange exchange(start, std::move(response), decision_of(action));
  EXPECT_EQ(exchange.head_due(), start + seconds(3) + milliseconds(50));
  EXPECT_FALSE(exchange.head_is_due(start + seconds(3)));
  EXPECT_TRUE(exchange.head_is_due(start + seconds(4)));
  ASSERT_NE(exchange.body(), nullptr) << "a body that is only late comes in one piece";
}

TEST(Exchange, BodyIsCutAfterSoManyBytes) {
  Exchange exchange = body_exchange(body_action({4, 0, fault::BodyEffect::cut}));
  EXPECT_EQ(exchange.body(), nullptr);
  EXPECT_EQ(exchange.head().length_bytes, 10U) << "the head announces all of it";
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{"0123"});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, BodyIsCutAfterAShareOfIt) {
  Exchange exchange = body_exchange(body_action({std::nullopt, 0.7, fault::BodyEffect::reset}));
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{"0123456"});
  EXPECT_EQ(read.end, State::reset);
}

TEST(Exchange, HeadCanBeAllThatComes) {
  Exchange exchange = body_exchange(body_action({0, 0, fault::BodyEffect::cut}));
  const Read read = read_all(exchange, start);
  EXPECT_EQ(read.parts, Parts{});
  EXPECT_EQ(read.end, State::cut);
}

TEST(Exchange, BodyThatStallsNeverEnds) {
  Exchange exchange = body_exchange(body_action({4, 0, fault::BodyEffect::stall}));
  EXPECT_EQ(read_all(exchange, start).parts, Parts{"0123"});
  EXPECT_EQ(exchange.deadline(), std::nullopt);
  EXPECT_EQ(read_all(exchange, start + std::chrono::hours(1)).end, State::idle);
}

TEST(Exchange, BodyThatIsShortenedIsAnnouncedShort) {
  Exchange exchange = body_exchange(body_action({4, 0, fault::BodyEffect::shorten}));
  ASSERT_NE(exchange.body(), nullptr);
  EXPECT_EQ(*exchange.body(), "0123");
  EXPECT_EQ(exchange.head().length_bytes, 4U);
}

TEST(Exchange, FaultOfBodiesLeavesStreamsAlone) {
  const auto script = std::make_shared<Script>();
  script->say("an event\n");
  Exchange exchange(start, stream_response(script),
                    decision_of(body_action({4, 0, fault::BodyEffect::cut})));
  EXPECT_EQ(read_all(exchange, start).parts, Parts{"an event\n"});
}

TEST(Exchange, FaultOfStreamsLeavesBodiesAlone) {
  Exchange exchange = body_exchange(stream_action(fault::StreamEffect::cut));
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
  const auto script = std::make_shared<Script>();
  for (const char* event : {"first\n", "second\n"}) script->say(event);
  script->end();
  Exchange exchange(start, stream_response(script), decision_of(bandwidth(100)));
  std::string text;
  State end = State::idle;
  read_slowly(exchange, text, end);
  EXPECT_EQ(text, "first\nsecond\n");
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
  fault::Action action = bandwidth(20);
  action.body = fault::BodyFault{4, 0, fault::BodyEffect::cut};
  Exchange exchange = body_exchange(action);
  std::string text;
  State end = State::idle;
  read_slowly(exchange, text, end);
  EXPECT_EQ(text, "0123");
  EXPECT_EQ(end, State::cut);
}

TEST(Exchange, InsteadOfAnAnswerTheConnectionEnds) {
  fault::Action action;
  action.no_answer = fault::NoAnswer::close;
  Exchange closed = Exchange::without_answer(start, decision_of(action));
  EXPECT_EQ(closed.head().status, 0);
  EXPECT_TRUE(closed.head_is_due(start));
  EXPECT_EQ(closed.next(start).state, State::cut);
  action.no_answer = fault::NoAnswer::reset;
  EXPECT_EQ(Exchange::without_answer(start, decision_of(action)).next(start).state, State::reset);
}

TEST(Exchange, SilentRequestHasNoTime) {
  fault::Action action;
  action.no_answer = fault::NoAnswer::silence;
  Exchange exchange = Exchange::without_answer(start, decision_of(action));
  EXPECT_FALSE(exchange.head_is_due(start + std::chrono::hours(24 * 365)));
}

TEST(Exchange, ConnectionEndsLateWhenThereIsLatency) {
  fault::Action action;
  action.no_answer = fault::NoAnswer::close;
  action.latency =
      scenario::Distribution{scenario::Distribution::Shape::constant, seconds(1), {}, 0};
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

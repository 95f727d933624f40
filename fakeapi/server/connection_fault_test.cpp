// What a fault makes of answers and streams, as a client sees it over TLS. Which fault meets what
// is decided in wire; here only the bytes and the ends count.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using fault::BodyEffect;
using fault::NoAnswer;
using fault::StreamEffect;
using testing_tools::Client;
using testing_tools::get;
using testing_tools::TestServer;
using State = cluster::WatchStream::State;

fault::Fault fault_of(fault::Action action) {
  fault::Fault fault;
  fault.name = "test";
  fault.action = std::move(action);
  return fault;
}

fault::Fault stream_fault(StreamEffect then, std::uint64_t after_events) {
  fault::Action action;
  action.stream = fault::StreamFault{after_events, {}, then};
  return fault_of(action);
}

fault::Fault body_fault(BodyEffect then, std::uint64_t after_bytes) {
  fault::Action action;
  action.body = fault::BodyFault{after_bytes, 0, then};
  return fault_of(action);
}

fault::Fault no_answer(NoAnswer how) {
  fault::Action action;
  action.no_answer = how;
  return fault_of(action);
}

/// A watch that has read its head; the fault meets it and nothing else.
std::unique_ptr<Client> disturbed_watch(TestServer& test, StreamEffect then,
                                        std::uint64_t after_events) {
  test.fault = stream_fault(then, after_events);
  auto watch = test.watch("one");
  test.fault.reset();
  return watch;
}

TEST(ConnectionFault, StreamThatIsClosedEndsInOrderAndLeavesTheConnectionUsable) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  const auto client = disturbed_watch(test, StreamEffect::close, 1);
  EXPECT_EQ(client->read_chunk(), "first\n");
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_TRUE(test.script("one")->destroyed);
  ASSERT_TRUE(client->send(get("/next")));
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

TEST(ConnectionFault, StreamThatIsCutEndsWithoutLastChunk) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  const auto client = disturbed_watch(test, StreamEffect::cut, 1);
  EXPECT_EQ(client->read_chunk(), "first\n");
  EXPECT_EQ(client->read_chunk(), std::nullopt);
  EXPECT_EQ(client->received, "");
  EXPECT_FALSE(client->was_reset());
  EXPECT_EQ(test.server.stream_count(), 0U);
}

TEST(ConnectionFault, StreamThatIsResetEndsWithRst) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  const auto client = disturbed_watch(test, StreamEffect::reset, 1);
  EXPECT_EQ(client->read_chunk(), "first\n");
  ASSERT_TRUE(client->sees_end());
  EXPECT_TRUE(client->was_reset());
  EXPECT_EQ(test.server.connection_count(), 0U);
}

// Half-open to the client: no byte, no end, whatever happens in the cluster.
TEST(ConnectionFault, StreamThatStallsStaysOpenAndSilent) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  const auto client = disturbed_watch(test, StreamEffect::stall, 1);
  EXPECT_EQ(client->read_chunk(), "first\n");
  // What is said to another client behind it shows that the loop has had its turn.
  const auto other = test.client();
  ASSERT_TRUE(other->send(get("/y")));
  EXPECT_EQ(other->read_answer().second, "GET /y ");
  EXPECT_TRUE(client->read_some());
  EXPECT_EQ(client->received, "");
  EXPECT_EQ(test.server.stream_count(), 1U);
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.stream_count() == 0; }));
}

TEST(ConnectionFault, ChunkThatIsCutIsAnnouncedInFull) {
  TestServer test;
  const std::string event = R"({"type":"ADDED","object":{"kind":"Endpoints"}})"
                            "\n";
  test.script("one")->say(State::ready, event);
  const auto client = disturbed_watch(test, StreamEffect::cut_chunk, 0);
  const std::string announced = client->read_to("\r\n");
  EXPECT_EQ(std::stoul(announced, nullptr, 16), event.size());
  ASSERT_TRUE(client->sees_end());
  EXPECT_FALSE(client->was_reset());
  EXPECT_LT(client->received.size(), event.size() - 1);
  EXPECT_FALSE(client->received.empty());
  EXPECT_EQ(event.substr(0, client->received.size()), client->received);
}

// The chunk itself is whole: only who reads the JSON notices.
TEST(ConnectionFault, EventThatIsCutComesInAWholeChunk) {
  TestServer test;
  const std::string event = R"({"type":"ADDED","object":{"kind":"Endpoints"}})"
                            "\n";
  test.script("one")->say(State::ready, event);
  const auto client = disturbed_watch(test, StreamEffect::cut_event, 0);
  const auto half = client->read_chunk();
  ASSERT_TRUE(half.has_value());
  EXPECT_LT(half->size(), event.size() - 1);
  EXPECT_EQ(event.substr(0, half->size()), *half);
  EXPECT_EQ(client->read_chunk(), std::nullopt);
}

// A server that stops while a chunk is half sent must not write the last chunk into it.
TEST(ConnectionFault, StoppingInTheMiddleOfASlowChunkAddsNothingToIt) {
  TestServer test;
  fault::Action slow;
  slow.bandwidth_bytes_per_second = 20;  // one byte each 50 ms
  test.fault = fault_of(slow);
  test.script("one")->say(State::ready, std::string(1000, 'e'));
  const auto client = test.watch("one");
  EXPECT_EQ(client->read_to("\r\n"), "3e8\r\n");
  EXPECT_EQ(client->read_bytes(1), "e");
  test.server.stop();
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received.find_first_not_of('e'), std::string::npos);
}

TEST(ConnectionFault, SlowEventIsStillOneChunk) {
  TestServer test;
  fault::Action slow;
  slow.bandwidth_bytes_per_second = 4'000;
  test.fault = fault_of(slow);
  const std::string event(600, 'e');
  test.script("one")->say(State::ready, event);
  test.script("one")->say(State::ended);
  const auto asked = std::chrono::steady_clock::now();
  const auto client = test.watch("one");
  EXPECT_EQ(client->read_chunk(), event);
  // 200 bytes at once, 400 at 4 bytes a millisecond.
  EXPECT_GE(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(100));
  EXPECT_EQ(client->read_chunk(), "");
}

TEST(ConnectionFault, SlowBodyArrivesWholeAndLeavesTheConnectionUsable) {
  TestServer test;
  fault::Action slow;
  slow.bandwidth_bytes_per_second = 200U << 20U;
  test.fault = fault_of(slow);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/big") + get("/next")));
  EXPECT_TRUE(client->read_answer().second == test.big_body);
  EXPECT_EQ(client->read_answer().second, "GET /next ");
  EXPECT_EQ(test.server.stream_count(), 0U);
}

// client-go rest/request.go, transformResponse: "headers, part of the body, then close" is the case
// that it leaves without a test.
TEST(ConnectionFault, BodyThatIsCutEndsBeforeItsLength) {
  TestServer test;
  test.fault = body_fault(BodyEffect::cut, 5);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/body")));
  EXPECT_NE(client->read_to("\r\n\r\n").find("Content-Length: 10\r\n"), std::string::npos);
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received, "GET /");
  EXPECT_FALSE(client->was_reset());
}

TEST(ConnectionFault, BodyThatIsResetEndsWithRst) {
  TestServer test;
  test.fault = body_fault(BodyEffect::reset, 5);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/body")));
  client->read_to("\r\n\r\n");
  EXPECT_EQ(client->read_bytes(5), "GET /");
  ASSERT_TRUE(client->sees_end());
  EXPECT_TRUE(client->was_reset());
}

TEST(ConnectionFault, BodyThatStallsKeepsTheConnectionOpen) {
  TestServer test;
  test.fault = body_fault(BodyEffect::stall, 5);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/body")));
  client->read_to("\r\n\r\n");
  EXPECT_EQ(client->read_bytes(5), "GET /");
  const auto other = test.client();
  EXPECT_TRUE(client->read_some());
  EXPECT_EQ(client->received, "");
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 1; }));
}

TEST(ConnectionFault, BodyThatIsShortenedIsWholeToHttp) {
  TestServer test;
  test.fault = body_fault(BodyEffect::shorten, 5);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/body")));
  EXPECT_EQ(client->read_answer().second, "GET /");
  test.fault.reset();
  ASSERT_TRUE(client->send(get("/next")));
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

TEST(ConnectionFault, ConnectionIsClosedInsteadOfAnAnswer) {
  TestServer test;
  test.fault = no_answer(NoAnswer::close);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/x")));
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received, "");
  EXPECT_FALSE(client->was_reset());
}

TEST(ConnectionFault, ConnectionIsResetInsteadOfAnAnswer) {
  TestServer test;
  test.fault = no_answer(NoAnswer::reset);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/x")));
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received, "");
  EXPECT_TRUE(client->was_reset());
}

TEST(ConnectionFault, RequestThatIsNeverAnsweredKeepsItsConnectionUntilTheClientLeaves) {
  TestServer test;
  test.fault = no_answer(NoAnswer::silence);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/x") + get("/behind-it")));
  ASSERT_TRUE(test.loop.until([&] { return test.requests.size() == 1; }));
  const auto other = test.client();
  EXPECT_TRUE(client->read_some());
  EXPECT_EQ(client->received, "");
  EXPECT_EQ(test.requests.size(), 1U);
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 1; }));
}

TEST(ConnectionFault, LatencyDelaysTheHead) {
  TestServer test;
  fault::Action late;
  late.latency = scenario::Distribution{
      scenario::Distribution::Shape::constant, std::chrono::milliseconds(50), {}, 0};
  test.fault = fault_of(late);
  const auto client = test.client();
  const auto asked = std::chrono::steady_clock::now();
  ASSERT_TRUE(client->send(get("/x")));
  EXPECT_EQ(client->read_answer().second, "GET /x ");
  EXPECT_GE(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(50));
}

}  // namespace
}  // namespace fakeapi::server

// Answers and watches as clients see them, with readers that are slow, gone, or many.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using testing_tools::Client;
using testing_tools::get;
using testing_tools::Script;
using testing_tools::TestServer;
using State = cluster::WatchStream::State;

// RFC 9110 9.3.2: the head of a GET, with its length, and no body.
TEST(ConnectionAnswer, HeadHasLengthAndNoBody) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next")));
  const std::string head = client->read_to("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 8\r\n"), std::string::npos);  // "HEAD /x "
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

TEST(ConnectionAnswer, LongBodyArrivesWhole) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/big") + get("/next")));
  EXPECT_TRUE(client->read_answer().second == test.big_body);
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

// A version from the future is answered after 3 s (recorded); meanwhile the others are served.
TEST(ConnectionAnswer, AnswerThatIsThoughtOverComesNotBeforeItsTime) {
  TestServer test;
  const auto thinking = test.client();
  const auto other = test.client();
  const auto asked = std::chrono::steady_clock::now();
  ASSERT_TRUE(thinking->send(get("/x?delay_ms=60")));
  ASSERT_TRUE(test.loop.until([&] { return test.requests.size() == 1; }));
  ASSERT_TRUE(other->send(get("/y")));
  EXPECT_EQ(other->read_answer().second, "GET /y ");
  EXPECT_EQ(thinking->read_answer().second, "GET /x?delay_ms=60 ");
  EXPECT_GE(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(60));
}

TEST(ConnectionAnswer, ClientThatLeavesWhileItsAnswerIsThoughtOverIsForgotten) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/x?delay_ms=3600000")));
  ASSERT_TRUE(test.loop.until([&] { return test.requests.size() == 1; }));
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

// Recorded: a server that shuts down answers with Connection: close.
TEST(ConnectionAnswer, ClosesWhenTheAnswerSaysSo) {
  TestServer test;
  test.extra_headers = {{"Connection", "close"}};
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/x")));
  EXPECT_NE(client->read_answer().first.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client->sees_end());
}

// Recorded: the head is flushed before the first event.
TEST(ConnectionAnswer, HeadOfStreamComesBeforeItsFirstPiece) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/watch/one")));
  const std::string head = client->read_to("\r\n\r\n");
  EXPECT_NE(head.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
}

// Recorded: one chunk for each event.
TEST(ConnectionAnswer, EachPieceIsOneChunk) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  test.script("one")->say(State::ready, "second\n");
  const auto client = test.watch("one");
  EXPECT_EQ(client->read_chunk(), "first\n");
  EXPECT_EQ(client->read_chunk(), "second\n");
  test.script("one")->say(State::ready, "third\n");
  EXPECT_EQ(client->read_chunk(), "third\n");
}

TEST(ConnectionAnswer, LongPieceIsOneChunkToo) {
  TestServer test;
  const auto client = test.watch("one");
  const std::string piece(1'500'000, 'p');
  test.script("one")->say(State::ready, piece);
  EXPECT_TRUE(client->read_chunk() == piece);
}

// Recorded: a watch that reaches its timeout ends with the zero chunk and the connection stays
// usable.
TEST(ConnectionAnswer, StreamThatEndedLeavesTheConnectionUsable) {
  TestServer test;
  const auto client = test.watch("one");
  test.script("one")->say(State::ready, "only\n");
  test.script("one")->say(State::ended);
  EXPECT_EQ(client->read_chunk(), "only\n");
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_TRUE(test.loop.until([&] { return test.script("one")->destroyed; }));
  ASSERT_TRUE(client->send(get("/next")));
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

// What was said before the cut arrives; the missing last chunk tells the client that the stream is
// not whole.
TEST(ConnectionAnswer, StreamThatIsCutClosesWithoutLastChunk) {
  TestServer test;
  const auto client = test.watch("one");
  test.script("one")->say(State::ready, "only\n");
  test.script("one")->say(State::cut);
  EXPECT_EQ(client->read_chunk(), "only\n");
  EXPECT_EQ(client->read_chunk(), std::nullopt);
  EXPECT_EQ(client->received, "");
  EXPECT_EQ(test.server.stream_count(), 0U);
}

// timeoutSeconds and bookmarks: nobody reports them, their time comes.
TEST(ConnectionAnswer, StreamIsAskedAgainWhenItsDeadlineComes) {
  TestServer test;
  test.script("one")->deadline = testing_tools::real_now() + std::chrono::milliseconds(20);
  const auto client = test.watch("one");
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_GE(testing_tools::real_now(), *test.script("one")->deadline);
}

TEST(ConnectionAnswer, ClientThatGoesAwayFreesItsStream) {
  TestServer test;
  const auto client = test.watch("one");
  EXPECT_EQ(test.server.stream_count(), 1U);
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.script("one")->destroyed; }));
  EXPECT_EQ(test.server.stream_count(), 0U);
  EXPECT_EQ(test.server.connection_count(), 0U);
}

// The next request may come while the watch is open: it waits for the end of the watch.
TEST(ConnectionAnswer, RequestDuringStreamIsAnsweredAfterIt) {
  TestServer test;
  const auto client = test.watch("one");
  ASSERT_TRUE(client->send(get("/next")));
  test.script("one")->say(State::ready, "still here\n");
  EXPECT_EQ(client->read_chunk(), "still here\n");
  EXPECT_EQ(test.requests.size(), 1U);
  test.script("one")->say(State::ended);
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

// RFC 9112 7.1.3: a client of HTTP/1.0 knows no chunks; the end of the connection is the end of the
// body.
TEST(ConnectionAnswer, StreamToHttp10IsPlainAndEndsWithTheConnection) {
  TestServer test;
  test.script("one")->say(State::ready, "first\n");
  test.script("one")->say(State::ended);
  const auto client = test.client();
  ASSERT_TRUE(client->send("GET /watch/one HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client->read_to("\r\n\r\n").find("Transfer-Encoding"), std::string::npos);
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received, "first\n");
}

// Fills the stream until the client's socket and the server's take no more, and gives back what was
// said.
std::size_t stall(TestServer& test, Script& script) {
  const std::string piece(64U << 10U, 's');
  std::size_t said = 0;
  // Not asked again for a piece that is there: the write is pending.
  test.loop.until([&] {
    if (!script.pieces.empty()) return test.loop.context.poll() == 0 && !script.pieces.empty();
    script.say(State::ready, piece);
    ++said;
    return false;
  });
  return said;
}

TEST(ConnectionAnswer, ReaderThatStallsDoesNotDelayAnother) {
  TestServer test;
  const auto stalled = test.watch("stalled");
  const auto reading = test.watch("reading");
  stall(test, *test.script("stalled"));
  test.script("reading")->say(State::ready, "news\n");
  EXPECT_EQ(reading->read_chunk(), "news\n");
}

// What waits in the server for a slow reader is bounded by one write, whatever the stream has to
// say.
TEST(ConnectionAnswer, StreamIsNotAskedWhileWriteIsPending) {
  TestServer test;
  const auto stalled = test.watch("stalled");
  Script& script = *test.script("stalled");
  stall(test, script);
  const std::size_t asked = script.asked;
  for (int i = 0; i < 10; ++i) script.say(State::ready, "more\n");
  if (script.ready) script.ready();
  test.loop.context.poll();
  EXPECT_EQ(script.asked, asked);
}

TEST(ConnectionAnswer, StalledReaderGetsEverythingWhenItReadsAgain) {
  TestServer test;
  const auto stalled = test.watch("stalled");
  Script& script = *test.script("stalled");
  const std::size_t said = stall(test, script);
  script.say(State::ended);
  for (std::size_t i = 0; i < said; ++i) {
    const auto chunk = stalled->read_chunk();
    ASSERT_TRUE(chunk.has_value());
    ASSERT_EQ(chunk->size(), 64U << 10U);
  }
  EXPECT_EQ(stalled->read_chunk(), "");
}

TEST(ConnectionAnswer, StalledReaderThatGoesAwayFreesItsStream) {
  TestServer test;
  const auto stalled = test.watch("stalled");
  stall(test, *test.script("stalled"));
  stalled->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.script("stalled")->destroyed; }));
}

// A stream that never runs dry leaves the loop to the others after half a megabyte, though its
// socket takes more.
TEST(ConnectionAnswer, StreamWithoutPauseDoesNotStarveTheOthers) {
  TestServer test;
  const auto greedy = test.watch("greedy");
  Script& script = *test.script("greedy");
  constexpr std::size_t many = 100'000;
  const auto piece = std::make_shared<const std::string>(100, 'g');
  script.pieces.assign(many, {State::ready, piece});
  ASSERT_TRUE(test.loop.until([&] { return script.idle; }));
  script.ready();
  while (script.pieces.size() == many) ASSERT_EQ(test.loop.context.poll_one(), 1U);
  EXPECT_LT(many - script.pieces.size(), 8'000U);
}

TEST(ConnectionAnswer, TwoHundredStreamsGetEachPiece) {
  TestServer test;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(test.watch(std::to_string(i)));
  EXPECT_EQ(test.server.stream_count(), 200U);
  for (const std::string piece : {"one\n", "two\n", "three\n"}) {
    for (int i = 0; i < 200; ++i) test.script(std::to_string(i))->say(State::ready, piece);
    for (const auto& client : clients) ASSERT_EQ(client->read_chunk(), piece);
  }
}

}  // namespace
}  // namespace fakeapi::server

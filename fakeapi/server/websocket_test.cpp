// Frames of WebSocket against RFC 6455, and a watch that comes in them.
#include "fakeapi/server/websocket.hpp"

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using namespace std::string_literals;

// RFC 6455 1.3 has this key and its answer.
TEST(WebSocket, AnswersTheKeyOfTheRfc) {
  EXPECT_EQ(websocket_head("dGhlIHNhbXBsZSBub25jZQ==", ""),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

// RFC 6455 5.7, "A single-frame unmasked text message", and the longer lengths.
TEST(WebSocket, FramesTexts) {
  std::string out;
  append_frame(out, "Hello", 0, 5);
  EXPECT_EQ(out, "\x81\x05Hello"s);
  const std::string medium(256, 'x');
  out.clear();
  append_frame(out, medium, 0, medium.size());
  EXPECT_EQ(out.substr(0, 4), "\x81\x7e\x01\x00"s);
  const std::string large(65536, 'x');
  out.clear();
  append_frame(out, large, 0, large.size());
  EXPECT_EQ(out.substr(0, 10), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
  EXPECT_EQ(out.size(), 10 + large.size());
}

// A fault may cut a frame: its header tells the whole length.
TEST(WebSocket, SendsAFrameInParts) {
  std::string out;
  append_frame(out, "Hello", 0, 2);
  append_frame(out, "Hello", 2, 5);
  EXPECT_EQ(out, "\x81\x05Hello"s);
}

// RFC 6455 5.7: masked "Hello"; a text is ignored, a ping is answered with its payload, a close
// ends.
TEST(WebSocket, HearsWhatAClientSendsInAnyPieces) {
  const std::string text = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s;
  const std::string ping = "\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s;
  const std::string close = "\x88\x82\x00\x00\x00\x00\x03\xe8"s;
  FrameReader reader;
  std::string pongs;
  bool closed = false;
  for (const char c : text + ping + close) {
    EXPECT_FALSE(closed);
    const auto heard = reader.put(std::string_view(&c, 1));
    pongs += heard.pongs;
    closed = heard.closed;
  }
  EXPECT_EQ(pongs, "\x8a\x05Hello"s);
  EXPECT_TRUE(closed);
}

TEST(WebSocket, EndsWithWhoDoesNotMaskOrTalksTooMuch) {
  EXPECT_TRUE(FrameReader().put("\x81\x05Hello").closed);
  EXPECT_TRUE(FrameReader().put("\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00"s).closed);
}

using State = cluster::WatchStream::State;
const std::string ping = "\x89\x80\x00\x00\x00\x00"s;
const std::string goodbye = "\x88\x80\x00\x00\x00\x00"s;

std::unique_ptr<testing_tools::Client> open_watch(testing_tools::TestServer& test) {
  auto client = test.client();
  EXPECT_TRUE(client->send(testing_tools::get(
      "/watch/one", "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")));
  EXPECT_NE(client->read_to("\r\n\r\n").find("101 Switching Protocols"), std::string::npos);
  return client;
}

TEST(WatchOverWebSocket, EachPieceIsOneFrameAndTheEndIsAFrameToo) {
  testing_tools::TestServer test;
  const auto client = open_watch(test);
  test.script("one")->say(State::ready, "first\n");
  EXPECT_EQ(client->read_bytes(8),
            "\x81\x06"
            "first\n"s);
  test.script("one")->say(State::ended);
  EXPECT_EQ(client->read_bytes(4), close_frame);
  EXPECT_TRUE(client->sees_end());
}

TEST(WatchOverWebSocket, APingIsAnsweredWhileTheStreamGoesOn) {
  testing_tools::TestServer test;
  const auto client = open_watch(test);
  ASSERT_TRUE(client->send(ping));
  EXPECT_EQ(client->read_bytes(2), "\x8a\x00"s);
  test.script("one")->say(State::ready, "x\n");
  EXPECT_EQ(client->read_bytes(4), "\x81\x02x\n"s);
}

TEST(WatchOverWebSocket, AClientThatSaysGoodbyeIsForgotten) {
  testing_tools::TestServer test;
  const auto client = open_watch(test);
  ASSERT_TRUE(client->send(goodbye));
  EXPECT_EQ(client->read_bytes(4), close_frame);
  EXPECT_TRUE(test.loop.until([&] { return test.script("one")->destroyed; }));
}

TEST(WatchOverWebSocket, AClientThatLeavesIsForgotten) {
  testing_tools::TestServer test;
  const auto client = open_watch(test);
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

}  // namespace
}  // namespace fakeapi::server

// Requests as clients send them, in order and out of order, over real sockets.
#include <string>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using testing_tools::get;
using testing_tools::TestServer;

// RFC 9112 9.3.
TEST(ConnectionRequest, TwoRequestsShareOneConnection) {
  TestServer test;
  const auto client = test.client();
  for (const std::string target : {"/first", "/second"}) {
    ASSERT_TRUE(client->send(get(target)));
    EXPECT_EQ(client->read_answer().second, "GET " + target + " ");
  }
  EXPECT_EQ(test.server.connection_count(), 1U);
}

// RFC 9112 9.3.2: answers come in the order of the requests.
TEST(ConnectionRequest, PipelinedRequestsAreAnsweredInOrder) {
  TestServer test;
  const auto client = test.client();
  std::string all;
  for (int i = 0; i < 100; ++i) all += get("/" + std::to_string(i));
  ASSERT_TRUE(client->send(all));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(client->read_answer().second, "GET /" + std::to_string(i) + " ");
  }
}

TEST(ConnectionRequest, BodyArrivesWhole) {
  TestServer test;
  const auto client = test.client();
  const std::string body(2'000'000, 'b');
  ASSERT_TRUE(client->send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + body));
  ASSERT_TRUE(test.loop.until([&] { return !test.requests.empty(); }));
  EXPECT_EQ(test.requests[0].body, body);
}

TEST(ConnectionRequest, RequestMayComeByteByByte) {
  TestServer test;
  const auto client = test.client();
  for (const char byte : get("/slow")) ASSERT_TRUE(client->send(std::string(1, byte)));
  EXPECT_EQ(client->read_answer().second, "GET /slow ");
}

// RFC 9110 10.1.1; curl sends it with bodies above 1 MiB.
TEST(ConnectionRequest, TellsClientToContinue) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(
      "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(client->read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client->send("hi"));
  EXPECT_EQ(client->read_answer().second, "POST /x hi");
}

// The client that asked first learns that its body is not wanted, and keeps it.
TEST(ConnectionRequest, DoesNotContinueWhereTheBodyIsTooLarge) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(
      "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"));
  EXPECT_EQ(client->read_answer().first.substr(0, 12), "HTTP/1.1 413");
}

TEST(ConnectionRequest, MalformedRequestIsAnsweredAndTheConnectionClosed) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send("not http at all\r\n\r\n"));
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received,
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Connection: close\r\n\r\n400 Bad Request");
  EXPECT_TRUE(test.requests.empty());
}

TEST(ConnectionRequest, HeadThatIsTooLargeIsAnsweredWith431) {
  TestServer test;
  const auto client = test.client();
  client->send(get("/x", "X-Large: " + std::string(1'100'000, 'x') + "\r\n"));
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received.substr(0, 12), "HTTP/1.1 431");
  EXPECT_FALSE(client->was_reset());
}

// The client is still sending when the answer comes; a reset would take the answer away from it
// (RFC 9112 9.6).
TEST(ConnectionRequest, ClientOfBodyThatIsTooLargeReadsItsAnswer) {
  TestServer test;
  const auto client = test.client();
  client->send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n" +
               std::string(4'000'000, 'x'));
  ASSERT_TRUE(client->sees_end());
  EXPECT_EQ(client->received.substr(0, 12), "HTTP/1.1 413");
  EXPECT_NE(client->received.find("\"code\":413"), std::string::npos);
  EXPECT_FALSE(client->was_reset());
}

// "Slow loris": a head that drips does not hold a connection for ever.
TEST(ConnectionRequest, HeadThatDoesNotEndIsCutOff) {
  Limits limits;
  limits.head_ms_max = std::chrono::milliseconds(5);
  TestServer test(limits);
  const auto client = test.client();
  ASSERT_TRUE(client->send("GET / HTTP/1.1\r\nHo"));
  EXPECT_TRUE(client->sees_end());
  EXPECT_EQ(client->received, "");
}

TEST(ConnectionRequest, BodyThatDoesNotComeIsCutOff) {
  Limits limits;
  limits.body_ms_max = std::chrono::milliseconds(5);
  TestServer test(limits);
  const auto client = test.client();
  ASSERT_TRUE(client->send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"));
  EXPECT_TRUE(client->sees_end());
}

TEST(ConnectionRequest, HandshakeThatDoesNotComeIsCutOff) {
  Limits limits;
  limits.handshake_ms_max = std::chrono::milliseconds(5);
  TestServer test(limits);
  testing_tools::Client client(test.loop, test.port, false);
  EXPECT_TRUE(client.sees_end());
}

TEST(ConnectionRequest, IdleConnectionIsClosedInOrder) {
  Limits limits;
  limits.idle_ms_max = std::chrono::milliseconds(5);
  TestServer test(limits);
  const auto client = test.client();
  ASSERT_TRUE(client->sees_end());
  EXPECT_FALSE(client->was_reset());
}

TEST(ConnectionRequest, ClientThatGoesAwayFreesItsConnection) {
  TestServer test;
  auto client = test.client();
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

// RFC 9112 9.6.
TEST(ConnectionRequest, ClosesAfterTheAnswerWhenTheClientAsksForIt) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/last", "Connection: close\r\n")));
  const auto [head, body] = client->read_answer();
  EXPECT_NE(head.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(body, "GET /last ");
  EXPECT_TRUE(client->sees_end());
}

// ab and old probes speak HTTP/1.0.
TEST(ConnectionRequest, AnswersHttp10AndCloses) {
  TestServer test;
  const auto client = test.client();
  ASSERT_TRUE(client->send("GET /old HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client->read_answer().second, "GET /old ");
  EXPECT_TRUE(client->sees_end());
}

}  // namespace
}  // namespace fakeapi::server

// Listening, trust, and going down and up, over real sockets of 127.0.0.1.
#include "fakeapi/server/api_server.hpp"

#include <cstdint>
#include <memory>
#include <netinet/tcp.h>
#include <string>
#include <sys/resource.h>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using testing_tools::Client;
using testing_tools::get;
using testing_tools::TestServer;

TEST(ApiServer, IsTrustedByAddress) {
  TestServer test;
  Client client(test.loop, test.port);
  client.expect(testing_tools::test_identity().ca_pem, "", "127.0.0.1");
  EXPECT_TRUE(client.handshake());
}

TEST(ApiServer, IsTrustedByServiceName) {
  TestServer test;
  Client client(test.loop, test.port);
  client.expect(testing_tools::test_identity().ca_pem, "kubernetes.default.svc", "");
  EXPECT_TRUE(client.handshake());
}

TEST(ApiServer, IsNotTrustedUnderAnotherName) {
  TestServer test;
  Client client(test.loop, test.port);
  client.expect(testing_tools::test_identity().ca_pem, "example.org", "");
  EXPECT_FALSE(client.handshake());
}

// Clients that were configured with the authority of another run must notice (X509 errors of
// client-go).
TEST(ApiServer, IsNotTrustedByClientsOfAnotherAuthority) {
  TestServer test;
  const auto other = std::get<Identity>(make_identity(std::time(nullptr) - 60));
  Client client(test.loop, test.port);
  client.expect(other.ca_pem, "", "127.0.0.1");
  EXPECT_FALSE(client.handshake());
}

// A Go client offers h2 and http/1.1; the answer decides what it speaks (RFC 7301).
TEST(ApiServer, ChoosesHttp11AmongWhatIsOffered) {
  TestServer test;
  Client client(test.loop, test.port);
  const std::string offer = std::string("\2h2") + "\10http/1.1";
  SSL_set_alpn_protos(client.ssl(), reinterpret_cast<const unsigned char*>(offer.data()),
                      static_cast<unsigned>(offer.size()));
  ASSERT_TRUE(client.handshake());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
}

TEST(ApiServer, RefusesClientsThatSpeakOnlyHttp2) {
  TestServer test;
  Client client(test.loop, test.port);
  SSL_set_alpn_protos(client.ssl(), reinterpret_cast<const unsigned char*>("\2h2"), 3);
  EXPECT_FALSE(client.handshake());
}

TEST(ApiServer, SpeaksTls12) {
  TestServer test;
  Client client(test.loop, test.port);
  SSL_set_max_proto_version(client.ssl(), TLS1_2_VERSION);
  ASSERT_TRUE(client.handshake());
  ASSERT_TRUE(client.send(get("/a")));
  EXPECT_EQ(client.read_answer().second, "GET /a ");
}

// A client with Nagle's algorithm on (it does not set TCP_NODELAY) sends its first request when the
// end of its handshake is acknowledged, which the kernel would otherwise delay for 40 ms.
TEST(ApiServer, AcknowledgesTheHandshakeAtOnce) {
  TestServer test;
  const auto client = test.client();
  test.loop.context.poll();
  tcp_info info{};
  socklen_t size = sizeof info;
  ASSERT_EQ(::getsockopt(client->fd(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  EXPECT_EQ(info.tcpi_unacked, 0U);
}

// What Go's net/http answers, byte for byte.
TEST(ApiServer, TellsClientsThatForgetTls) {
  TestServer test;
  Client client(test.loop, test.port, false);
  ASSERT_TRUE(client.send(get("/healthz")));
  ASSERT_TRUE(client.sees_end());
  EXPECT_EQ(client.received,
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
  EXPECT_FALSE(client.was_reset());
}

TEST(ApiServer, ClosesOnNoise) {
  TestServer test;
  Client client(test.loop, test.port, false);
  ASSERT_TRUE(client.send(std::string(600, '\0')));
  EXPECT_TRUE(client.sees_end());
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

TEST(ApiServer, TakenPortIsReportedWithItsAddress) {
  TestServer test;
  ApiServer second(test.loop.context, testing_tools::test_identity(), testing_tools::real_now, {});
  const auto result = second.listen("127.0.0.1", test.port);
  ASSERT_TRUE(std::holds_alternative<ListenError>(result));
  const ListenError& error = std::get<ListenError>(result);
  EXPECT_EQ(error.code, EADDRINUSE);
  const std::string start =
      "cannot listen on 127.0.0.1:" + std::to_string(test.port) + ": address already in use";
  EXPECT_EQ(error.message.substr(0, start.size()), start);
}

TEST(ApiServer, AddressThatIsNoneIsReported) {
  TestServer test;
  const auto result = test.server.listen("localhost", 0);
  ASSERT_TRUE(std::holds_alternative<ListenError>(result));
  EXPECT_NE(std::get<ListenError>(result).message.find("numeric"), std::string::npos);
}

TEST(ApiServer, UnusableIdentityIsReportedBeforeListening) {
  TestServer test;
  ApiServer second(test.loop.context, Identity{"", "no certificate", "no key", ""},
                   testing_tools::real_now, {});
  EXPECT_TRUE(std::holds_alternative<ListenError>(second.listen("127.0.0.1", 0)));
}

// A client distinguishes a server that is away (refused) from one that hangs; both are in its retry
// rules.
TEST(ApiServer, RefusesConnectionsWhileDown) {
  TestServer test;
  EXPECT_FALSE(test.server.set_up(false));
  EXPECT_EQ(testing_tools::dial(test.port), -1);
}

// A killed process: the kernel resets what was open.
TEST(ApiServer, ResetsOpenConnectionsWhenItGoesDown) {
  TestServer test;
  const auto idle = test.client();
  const auto watch = test.watch("one");
  test.server.set_up(false);
  ASSERT_TRUE(idle->sees_end());
  ASSERT_TRUE(watch->sees_end());
  EXPECT_TRUE(idle->was_reset());
  EXPECT_TRUE(watch->was_reset());
  EXPECT_TRUE(test.script("one")->destroyed);
  EXPECT_EQ(test.server.connection_count(), 0U);
  EXPECT_EQ(test.server.stream_count(), 0U);
}

TEST(ApiServer, ServesOnTheSamePortAfterItComesBack) {
  TestServer test;
  test.client();
  test.server.set_up(false);
  EXPECT_FALSE(test.server.set_up(true));
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/again")));
  EXPECT_EQ(client->read_answer().second, "GET /again ");
}

TEST(ApiServer, ReportsPortThatWasTakenWhileItWasDown) {
  TestServer test;
  test.server.set_up(false);
  ApiServer thief(test.loop.context, testing_tools::test_identity(), testing_tools::real_now, {});
  ASSERT_TRUE(std::holds_alternative<std::uint16_t>(thief.listen("127.0.0.1", test.port)));
  EXPECT_TRUE(test.server.set_up(true).has_value());
}

// A step of a scenario may take the server down from inside a request of its control client.
TEST(ApiServer, MayGoDownWhileItHandlesRequest) {
  TestServer test;
  const auto client = test.client();
  test.before_answer = [&] { test.server.set_up(false); };
  ASSERT_TRUE(client->send(get("/last")));
  ASSERT_TRUE(client->sees_end());
  EXPECT_TRUE(client->was_reset());
}

// The program ends when its loop has nothing left to do.
TEST(ApiServer, LeavesNothingInTheLoopAfterStop) {
  boost::asio::io_context context;
  testing_tools::Loop clients;
  ApiServer server(context, testing_tools::test_identity(), testing_tools::real_now, {});
  const auto port = std::get<std::uint16_t>(server.listen("127.0.0.1", 0));
  Client client(clients, port);
  context.run_one();
  ASSERT_EQ(server.connection_count(), 1U);
  server.stop();
  context.run();  // would not return if something were left
  EXPECT_EQ(server.connection_count(), 0U);
}

// An orderly end: the last chunk, then close_notify and FIN.
TEST(ApiServer, EndsOpenStreamsWhenItStops) {
  TestServer test;
  const auto watch = test.watch("one");
  test.server.stop();
  EXPECT_EQ(watch->read_chunk(), "");
  ASSERT_TRUE(watch->sees_end());
  EXPECT_FALSE(watch->was_reset());
  EXPECT_TRUE(test.script("one")->destroyed);
}

TEST(ApiServer, TellsItsHandlerWhoAsks) {
  TestServer test;
  const auto first = test.client();
  const auto second = test.client();
  ASSERT_TRUE(first->send(get("/a", "User-Agent: kubectl/v1.37\r\n") + get("/b")));
  first->read_answer();
  first->read_answer();
  ASSERT_TRUE(second->send(get("/c", "user-agent: " + std::string(1000, 'u') + "\r\n")));
  second->read_answer();
  ASSERT_EQ(test.callers.size(), 3U);
  EXPECT_EQ(test.callers[0].second, "kubectl/v1.37");
  EXPECT_EQ(test.callers[1].second, "");
  EXPECT_EQ(test.callers[0].first, test.callers[1].first);
  EXPECT_NE(test.callers[0].first, test.callers[2].first);
  EXPECT_EQ(test.callers[2].second, std::string(wire::RequestLog::user_agent_bytes_max, 'u'));
}

// accept(2), EMFILE: the waiting client is served as soon as a descriptor is free.
TEST(ApiServer, ServesClientsAgainAfterItRanOutOfDescriptors) {
  TestServer test;
  auto first = test.client();
  Client second(test.loop, test.port);
  ASSERT_TRUE(second.connected());
  // The next descriptor would be this number: the limit is set so that there is none.
  const int next = ::dup(second.fd());
  ::close(next);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto turns_before = test.loop.context.poll();
  // While it pauses the loop has nothing to do; trying again at once would give it a turn each
  // time.
  EXPECT_EQ(test.loop.context.poll(), 0U) << turns_before;
  EXPECT_EQ(test.server.connection_count(), 1U);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(second.handshake());
}

// Programs that a run starts must not inherit connections: a client would wait for an end that
// never comes.
TEST(ApiServer, DescriptorsAreClosedOnExec) {
  TestServer test;
  const int before = ::dup(0);  // the lowest free number, below which all is the test's own
  ::close(before);
  const auto client = test.client();
  int checked = 0;
  for (int fd = 3; fd < before + 16; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (flags < 0 || ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
    ++checked;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(checked, 3);  // the listener, the accepted one, and the client's
}

}  // namespace
}  // namespace fakeapi::server

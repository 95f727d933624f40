// What a fault makes of connections: before a request, and by ending chosen ones.
#include <ctime>
#include <optional>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using fault::ConnectFault;
using testing_tools::Client;
using testing_tools::get;
using testing_tools::TestServer;

/// The n-th connection and what becomes of it.
void meet(TestServer& test, ConnectFault fault) {
  test.server.on_connect = [fault](cluster::Instant, std::uint64_t connection) {
    return connection == 1 ? fault : ConnectFault::none;
  };
}

TEST(FaultOfConnections, ConnectionIsAcceptedAndReset) {
  TestServer test;
  meet(test, ConnectFault::reset);
  Client client(test.loop, test.port, false);
  ASSERT_TRUE(client.connected());
  ASSERT_TRUE(client.sees_end());
  EXPECT_TRUE(client.was_reset());
  EXPECT_EQ(test.server.connection_count(), 0U);
  EXPECT_TRUE(Client(test.loop, test.port).handshake());
}

TEST(FaultOfConnections, ConnectionIsAcceptedAndItsHandshakeNeverAnswered) {
  TestServer test;
  meet(test, ConnectFault::silence);
  Client silent(test.loop, test.port);
  EXPECT_EQ(SSL_do_handshake(silent.ssl()), -1);
  EXPECT_TRUE(Client(test.loop, test.port).handshake());
  EXPECT_EQ(SSL_do_handshake(silent.ssl()), -1);
  EXPECT_EQ(SSL_get_error(silent.ssl(), -1), SSL_ERROR_WANT_READ);
  silent.hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

TEST(FaultOfConnections, HandshakeIsCutWhenTheClientHasBegunIt) {
  TestServer test;
  meet(test, ConnectFault::cut_handshake);
  Client client(test.loop, test.port);
  ASSERT_TRUE(test.loop.until([&] { return test.server.connection_count() == 1; }));
  EXPECT_FALSE(client.handshake());
  EXPECT_FALSE(client.was_reset());
  client.hang_up();
  EXPECT_TRUE(test.loop.until([&] { return test.server.connection_count() == 0; }));
}

// Clients see ECONNREFUSED, and what was open goes on.
TEST(FaultOfConnections, RefusingLeavesOpenConnectionsAlone) {
  TestServer test;
  const auto open = test.client();
  EXPECT_EQ(test.server.set_refusing(true), std::nullopt);
  EXPECT_FALSE(Client(test.loop, test.port).connected());
  ASSERT_TRUE(open->send(get("/x")));
  EXPECT_EQ(open->read_answer().second, "GET /x ");
  EXPECT_EQ(test.server.set_refusing(false), std::nullopt);
  EXPECT_TRUE(Client(test.loop, test.port).handshake());
}

TEST(FaultOfConnections, ServerThatIsDownStaysDownWhenItNoLongerRefuses) {
  TestServer test;
  test.server.set_refusing(true);
  test.server.set_up(false);
  test.server.set_refusing(false);
  EXPECT_FALSE(Client(test.loop, test.port).connected());
  EXPECT_EQ(test.server.set_up(true), std::nullopt);
  EXPECT_TRUE(Client(test.loop, test.port).handshake());
}

/// Why the client does not trust the server, as OpenSSL numbers it.
long verdict_on(TestServer& test, ConnectFault fault, const Identity& shown) {
  EXPECT_EQ(test.server.set_flawed_identity(fault, shown), std::nullopt);
  meet(test, fault);
  Client client(test.loop, test.port);
  client.expect(testing_tools::test_identity().ca_pem, "", "127.0.0.1");
  EXPECT_FALSE(client.handshake());
  return SSL_get_verify_result(client.ssl());
}

TEST(FaultOfConnections, CertificateHasExpired) {
  TestServer test;
  const auto made =
      make_flawed(testing_tools::test_identity(), CertificateFlaw::expired, std::time(nullptr));
  EXPECT_EQ(verdict_on(test, ConnectFault::expired, std::get<Identity>(made)),
            X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST(FaultOfConnections, CertificateIsForAnotherHost) {
  TestServer test;
  const auto made =
      make_flawed(testing_tools::test_identity(), CertificateFlaw::wrong_host, std::time(nullptr));
  EXPECT_EQ(verdict_on(test, ConnectFault::wrong_host, std::get<Identity>(made)),
            X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST(FaultOfConnections, CertificateIsOfAnUnknownAuthority) {
  TestServer test;
  const auto made = make_identity(std::time(nullptr) - 60);
  const long verdict = verdict_on(test, ConnectFault::wrong_ca, std::get<Identity>(made));
  EXPECT_TRUE(verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
              verdict == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
              verdict == X509_V_ERR_CERT_SIGNATURE_FAILURE)
      << verdict;
}

// A load balancer that throws out the clients of one kind.
TEST(FaultOfConnections, ChosenConnectionsAreResetAndTheOthersStay) {
  TestServer test;
  const auto kubectl = test.client();
  const auto other = test.client();
  ASSERT_TRUE(kubectl->send(get("/a", "User-Agent: kubectl/v1.37\r\n")));
  kubectl->read_answer();
  ASSERT_TRUE(other->send(get("/a", "User-Agent: other\r\n")));
  other->read_answer();
  const auto is_kubectl = [](const wire::Caller& caller) {
    return caller.user_agent.starts_with("kubectl/");
  };
  EXPECT_EQ(test.server.cut_connections(ApiServer::Cut::reset, is_kubectl), 1U);
  ASSERT_TRUE(kubectl->sees_end());
  EXPECT_TRUE(kubectl->was_reset());
  ASSERT_TRUE(other->send(get("/b")));
  EXPECT_EQ(other->read_answer().second, "GET /b ");
}

TEST(FaultOfConnections, StreamsOfConnectionsThatAreEndedInOrderGetTheirLastChunk) {
  TestServer test;
  const auto watch = test.watch("one");
  const auto all = [](const wire::Caller&) { return true; };
  EXPECT_EQ(test.server.cut_connections(ApiServer::Cut::in_order, all), 1U);
  EXPECT_EQ(watch->read_chunk(), "");
  ASSERT_TRUE(watch->sees_end());
  EXPECT_FALSE(watch->was_reset());
}

}  // namespace
}  // namespace fakeapi::server

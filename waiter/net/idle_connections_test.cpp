#include "waiter/net/idle_connections.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>

namespace waiter::net {
namespace {

using For = IdleConnections::For;

class IdleConnectionsTest : public testing::Test {
 protected:
  ConnectionPtr connection() {
    const auto tls =
        std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    return std::make_shared<Connection>(loop_, tls);
  }
  /// Connected to `peer_`.
  ConnectionPtr open_connection() {
    boost::asio::ip::tcp::acceptor acceptor(loop_, {boost::asio::ip::address_v4::loopback(), 0});
    auto opened = connection();
    opened->stream.next_layer().connect(acceptor.local_endpoint());
    acceptor.accept(peer_);
    return opened;
  }

  boost::asio::io_context loop_;
  boost::asio::ip::tcp::socket peer_{loop_};
  IdleConnections idle_;
};

TEST_F(IdleConnectionsTest, KeepsTheSpareOneWhenAStreamEnds) {
  const auto spare = connection();
  const auto of_stream = connection();
  idle_.stream_begins();
  idle_.keep(spare);
  idle_.stream_ended();
  idle_.keep(of_stream);
  EXPECT_EQ(idle_.take(For::stream, 0), spare);
  EXPECT_TRUE(idle_.has_spare());
}

TEST_F(IdleConnectionsTest, NoneIsIdleForLongerThanAStreamTakes) {
  const auto first = connection();
  const auto second = connection();
  idle_.stream_begins();
  idle_.keep(first);
  for (const auto& [streaming, next] : {std::pair{second, first}, std::pair{first, second}}) {
    idle_.stream_ended();
    idle_.keep(streaming);
    ASSERT_EQ(idle_.take(For::stream, 0), next);
    idle_.stream_begins();
  }
}

TEST_F(IdleConnectionsTest, GivesAnAnswerTheOneThatWasAliveLast) {
  const auto newest = connection();
  idle_.stream_begins();
  idle_.stream_ended();
  idle_.keep(connection());
  idle_.keep(newest);
  EXPECT_EQ(idle_.take(For::one_answer, 0), newest);
}

TEST_F(IdleConnectionsTest, KeepsNoMoreThanOneBesideTheStreams) {
  const auto newest = connection();
  idle_.stream_begins();
  idle_.keep(connection());
  idle_.keep(newest);
  EXPECT_EQ(idle_.take(For::one_answer, 0), newest);
  EXPECT_EQ(idle_.take(For::one_answer, 0), nullptr);
}

TEST_F(IdleConnectionsTest, DropsWhatTheServerHasClosed) {
  const auto spare = open_connection();
  idle_.keep(spare);
  ASSERT_TRUE(idle_.has_spare());
  peer_.close();
  spare->stream.next_layer().wait(boost::asio::ip::tcp::socket::wait_read);
  EXPECT_FALSE(idle_.has_spare());
}

TEST_F(IdleConnectionsTest, KeepsWhatHasUnreadBytesOfAServerThatIsThere) {
  const auto spare = open_connection();
  idle_.keep(spare);
  peer_.send(boost::asio::buffer("a session ticket"));
  spare->stream.next_layer().wait(boost::asio::ip::tcp::socket::wait_read);
  EXPECT_EQ(idle_.take(For::one_answer, 0), spare);
}

TEST_F(IdleConnectionsTest, DropsThoseOfAnotherCredential) {
  const auto other = connection();
  other->credential = 1;
  idle_.keep(other);
  EXPECT_EQ(idle_.take(For::one_answer, 2), nullptr);
  EXPECT_FALSE(idle_.has_spare());
}

}  // namespace
}  // namespace waiter::net

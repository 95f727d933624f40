#include "waiter/net/idle_connections.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>

namespace waiter::net {
namespace {

using std::chrono::seconds;
using For = IdleConnections::For;

class IdleConnectionsTest : public testing::Test {
 protected:
  ConnectionPtr connection() {
    const auto tls =
        std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    return std::make_shared<Connection>(loop_, tls);
  }
  static IdleConnections::Instant at(int second) {
    return IdleConnections::Instant(seconds(second));
  }

  boost::asio::io_context loop_;
  IdleConnections idle_;
};

TEST_F(IdleConnectionsTest, KeepsTheSpareOneWhenAStreamEnds) {
  const auto spare = connection();
  const auto of_stream = connection();
  idle_.stream_begins();
  idle_.keep(at(0), spare);
  idle_.stream_ended();
  idle_.keep(at(25), of_stream);
  EXPECT_EQ(idle_.take(at(25), For::stream, 0), spare);
  EXPECT_TRUE(idle_.has_spare(at(25)));
}

TEST_F(IdleConnectionsTest, NeedsNoHandshakeWhileStreamsAreShort) {
  auto streaming = connection();
  idle_.keep(at(0), connection());
  for (int second = 30; second < 600; second += 30) {
    idle_.stream_begins();
    idle_.stream_ended();
    idle_.keep(at(second), streaming);
    streaming = idle_.take(at(second), For::stream, 0);
    ASSERT_NE(streaming, nullptr);
    ASSERT_TRUE(idle_.has_spare(at(second)));
  }
}

TEST_F(IdleConnectionsTest, GivesAnAnswerTheOneThatWasAliveLast) {
  const auto newest = connection();
  idle_.stream_begins();
  idle_.stream_ended();
  idle_.keep(at(0), connection());
  idle_.keep(at(25), newest);
  EXPECT_EQ(idle_.take(at(25), For::one_answer, 0), newest);
}

TEST_F(IdleConnectionsTest, KeepsNoMoreThanOneBesideTheStreams) {
  const auto newest = connection();
  idle_.stream_begins();
  idle_.keep(at(0), connection());
  idle_.keep(at(1), newest);
  EXPECT_EQ(idle_.take(at(1), For::one_answer, 0), newest);
  EXPECT_EQ(idle_.take(at(1), For::one_answer, 0), nullptr);
}

TEST_F(IdleConnectionsTest, AnOldOneIsNotToSpareAndIsTakenOnlyWhereThereIsNoOther) {
  const auto old = connection();
  const auto fresh = connection();
  idle_.stream_begins();
  idle_.stream_ended();
  idle_.keep(at(0), old);
  idle_.keep(at(70), fresh);
  EXPECT_EQ(idle_.take(at(70), For::stream, 0), fresh);
  idle_.keep(at(70), old);
  EXPECT_EQ(idle_.take(at(140), For::stream, 0), old);
  idle_.keep(at(140), old);
  EXPECT_FALSE(idle_.has_spare(at(200)));
}

TEST_F(IdleConnectionsTest, DropsThoseOfAnotherCredential) {
  const auto other = connection();
  other->credential = 1;
  idle_.keep(at(0), other);
  EXPECT_EQ(idle_.take(at(0), For::one_answer, 2), nullptr);
  EXPECT_FALSE(idle_.has_spare(at(0)));
}

}  // namespace
}  // namespace waiter::net

#include "fakeapi/server/pod_listeners.hpp"

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fakeapi/server/socket.hpp"
#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using testing_tools::Client;
using testing_tools::dial;
using testing_tools::Loop;

// Any address of 127.0.0.0/8 stands for a Pod's: Linux answers for all of them.
constexpr const char* pod = "127.20.3.4";

// A port that is free on the Pod's address now.
int free_port() {
  const auto opened = open_listener(pod, 0);
  return local_port(std::get<UniqueFd>(opened).get());
}

struct PodListenersTest : ::testing::Test {
  int open_one() {
    const int port = free_port();
    EXPECT_EQ(listeners.set(pod, {port}, true), std::nullopt);
    return port;
  }
  static int connect(int port) { return dial(static_cast<std::uint16_t>(port), pod); }

  Loop loop;
  PodListeners listeners{loop.context};
};

// The peer's view: true when it has an end, in order or not.
bool ended(int fd) {
  char byte = 0;
  const auto got = ::recv(fd, &byte, 1, 0);
  return got == 0 || (got < 0 && errno != EAGAIN);
}

TEST_F(PodListenersTest, PortAcceptsWhileItListens) {
  const int port = open_one();
  EXPECT_GE(UniqueFd(connect(port)).get(), 0);
}

TEST_F(PodListenersTest, PortIsRefusedAtOnceWhenClosed) {
  const int port = open_one();
  EXPECT_EQ(listeners.set(pod, {port}, false), std::nullopt);
  EXPECT_EQ(connect(port), -1);
}

// A server that listens keeps its connections: a probe that holds one open is not disturbed.
TEST_F(PodListenersTest, ConnectionIsHeldAndReadAway) {
  const int port = open_one();
  const UniqueFd peer(connect(port));
  ASSERT_TRUE(loop.until([&] { return listeners.connection_count() == 1; }));
  ASSERT_EQ(::send(peer.get(), "hello", 5, MSG_NOSIGNAL), 5);
  loop.context.poll();
  EXPECT_FALSE(ended(peer.get()));
  EXPECT_EQ(listeners.connection_count(), 1U);
}

// A container that is killed: the kernel resets its connections.
TEST_F(PodListenersTest, OpenConnectionsAreResetWhenThePortCloses) {
  const int port = open_one();
  const UniqueFd peer(connect(port));
  ASSERT_TRUE(loop.until([&] { return listeners.connection_count() == 1; }));
  listeners.set(pod, {port}, false);
  char byte = 0;
  EXPECT_EQ(::recv(peer.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
  EXPECT_EQ(listeners.connection_count(), 0U);
}

TEST_F(PodListenersTest, PeerThatGoesAwayIsForgotten) {
  const int port = open_one();
  {
    const UniqueFd peer(connect(port));
    ASSERT_TRUE(loop.until([&] { return listeners.connection_count() == 1; }));
  }
  EXPECT_TRUE(loop.until([&] { return listeners.connection_count() == 0; }));
}

TEST_F(PodListenersTest, PortOpensAgain) {
  const int port = open_one();
  listeners.set(pod, {port}, false);
  EXPECT_EQ(listeners.set(pod, {port}, true), std::nullopt);
  EXPECT_GE(UniqueFd(connect(port)).get(), 0);
}

// The same step may be repeated: a Pod that is ready stays as it is, with its connections.
TEST_F(PodListenersTest, OpeningWhatIsOpenKeepsConnections) {
  const int port = open_one();
  const UniqueFd peer(connect(port));
  ASSERT_TRUE(loop.until([&] { return listeners.connection_count() == 1; }));
  EXPECT_EQ(listeners.set(pod, {port}, true), std::nullopt);
  EXPECT_EQ(listeners.connection_count(), 1U);
}

TEST_F(PodListenersTest, AllPortsOfAddressCloseTogether) {
  const int first = open_one();
  const int second = open_one();
  listeners.set(pod, {}, false);
  EXPECT_EQ(connect(first), -1);
  EXPECT_EQ(connect(second), -1);
}

TEST_F(PodListenersTest, PortThatIsTakenIsNamedAndTheOthersOpen) {
  const auto taken = open_listener(pod, 0);
  const int taken_port = local_port(std::get<UniqueFd>(taken).get());
  const int port = free_port();
  const auto problem = listeners.set(pod, {taken_port, port}, true);
  ASSERT_TRUE(problem.has_value());
  EXPECT_NE(problem->find(std::to_string(taken_port)), std::string::npos);
  EXPECT_GE(UniqueFd(connect(port)).get(), 0);
}

TEST_F(PodListenersTest, PortThatIsNoneIsNamed) {
  const auto problem = listeners.set(pod, {70'000}, true);
  ASSERT_TRUE(problem.has_value());
  EXPECT_NE(problem->find("70000"), std::string::npos);
}

// A client that leaks connections must not take the server's descriptors.
TEST_F(PodListenersTest, ConnectionsAreBounded) {
  const int port = open_one();
  std::vector<UniqueFd> peers;
  for (int i = 0; i < 1024; ++i) {
    peers.emplace_back(connect(port));
    ASSERT_TRUE(peers.back().valid());
    loop.context.poll();
  }
  ASSERT_TRUE(loop.until([&] { return listeners.connection_count() == 1024; }));
  const UniqueFd one_more(connect(port));
  EXPECT_TRUE(loop.until([&] { return ended(one_more.get()); }));
  EXPECT_EQ(listeners.connection_count(), 1024U);
}

}  // namespace
}  // namespace fakeapi::server

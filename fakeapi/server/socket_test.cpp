#include "fakeapi/server/socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <variant>

#include <gtest/gtest.h>

namespace fakeapi::server {
namespace {

ListenError error_of(const std::string& address, std::uint16_t port) {
  const auto opened = open_listener(address, port);
  EXPECT_TRUE(std::holds_alternative<ListenError>(opened));
  return std::get<ListenError>(opened);
}

// RFC 3986 3.2.2.
TEST(Socket, Ipv6AddressStandsInBrackets) {
  EXPECT_EQ(endpoint_text("::1", 6443), "[::1]:6443");
  EXPECT_EQ(endpoint_text("127.0.0.1", 6443), "127.0.0.1:6443");
}

TEST(Socket, ListensOnIpv6) {
  const auto opened = open_listener("::1", 0);
  const auto* error = std::get_if<ListenError>(&opened);
  if (error && (error->code == EADDRNOTAVAIL || error->code == EAFNOSUPPORT)) {
    GTEST_SKIP() << error->message;
  }
  ASSERT_FALSE(error) << error->message;
  const UniqueFd client(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(local_port(std::get<UniqueFd>(opened).get()));
  EXPECT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
}

// 192.0.2.0/24 is nobody's (RFC 5737).
TEST(Socket, AddressOfAnotherMachineIsExplained) {
  const ListenError error = error_of("192.0.2.1", 6443);
  EXPECT_EQ(error.code, EADDRNOTAVAIL);
  EXPECT_NE(error.message.find("192.0.2.1:6443"), std::string::npos);
  EXPECT_NE(error.message.find("no interface"), std::string::npos);
}

TEST(Socket, NothingWaitingIsNoError) {
  const auto opened = open_listener("127.0.0.1", 0);
  int error = 0;
  EXPECT_FALSE(accept_connection(std::get<UniqueFd>(opened).get(), error).valid());
  EXPECT_EQ(error, EAGAIN);
}

// A client that never reads: what is sent to it stays below half a megabyte, on both sides
// together.
TEST(Socket, ReaderThatStallsCostsBoundedKernelMemory) {
  const auto opened = open_listener("127.0.0.1", 0);
  const int listener = std::get<UniqueFd>(opened).get();
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int small = 4096;
  ::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(local_port(listener));
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  int error = 0;
  const UniqueFd accepted = accept_connection(listener, error);
  ASSERT_TRUE(accepted.valid());
  const std::string piece(2048, 'x');
  std::size_t taken = 0;
  for (ssize_t sent = 0; sent >= 0 && taken < 64 * piece.size() * 1024; taken += piece.size()) {
    sent = ::send(accepted.get(), piece.data(), piece.size(), MSG_NOSIGNAL);
  }
  EXPECT_LT(taken, 512U << 10U);
}

}  // namespace
}  // namespace fakeapi::server

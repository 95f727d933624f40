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

}  // namespace
}  // namespace fakeapi::server

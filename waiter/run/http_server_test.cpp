#include "waiter/run/http_server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace waiter::run {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Asked of the kernel itself: an error of the server must not look like a missing IPv6.
bool has_ipv6() {
  asio::io_context loop;
  tcp::acceptor acceptor(loop);
  error_code failed;
  acceptor.open(tcp::v6(), failed);
  if (!failed) acceptor.bind({asio::ip::address_v6::loopback(), 0}, failed);
  return !failed;
}

/// The server on a loop of its own; its answer to each path is the path.
class Served {
 public:
  explicit Served(HttpLimits limits = {}, const std::string& address = "127.0.0.1")
      : server_(
            loop_,
            [](const std::string& path) {
              return HttpAnswer{200, "text/plain", path};
            },
            limits) {
    error_ = server_.listen(address, 0).value_or("");
    port_ = server_.port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Served() {
    asio::post(loop_, [this] { loop_.stop(); });
    thread_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  std::uint16_t port() const { return port_; }
  const std::string& error() const { return error_; }

 private:
  asio::io_context loop_{1};
  HttpServer server_;
  std::string error_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(std::uint16_t port, const std::string& address = "127.0.0.1") : socket_(loop_) {
    socket_.connect({asio::ip::make_address(address), port});
  }
  Client& send(const std::string& text) {
    asio::write(socket_, asio::buffer(text));
    return *this;
  }
  /// Everything until the server closes.
  std::string rest() {
    error_code end;
    asio::read(socket_, asio::dynamic_buffer(buffer_), end);
    EXPECT_EQ(end, asio::error::eof) << end.message();
    return std::exchange(buffer_, "");
  }
  /// Up to and including `words`.
  std::string until(const std::string& words) {
    const std::size_t length = asio::read_until(socket_, asio::dynamic_buffer(buffer_), words);
    const std::string text = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return text;
  }

 private:
  asio::io_context loop_;
  tcp::socket socket_;
  std::string buffer_;
};

std::string request(const std::string& line, const std::string& more = "") {
  return line + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
}
std::string last_request(const std::string& line) { return request(line, "Connection: close\r\n"); }

std::string status_of(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }
std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST(HttpServer, AnswersGet) {
  Served served;
  const std::string answer = Client(served.port()).send(last_request("GET /readyz")).rest();
  EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
  EXPECT_NE(answer.find("\r\nContent-Length: 7\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "/readyz");
}

// RFC 9110 9.3.2: the head of a GET, and nothing behind it.
TEST(HttpServer, AnswersHeadWithoutABody) {
  Served served;
  const std::string answer = Client(served.port()).send(last_request("HEAD /readyz")).rest();
  EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
  EXPECT_NE(answer.find("\r\nContent-Length: 7\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "");
}

TEST(HttpServer, RefusesOtherMethodsAndNamesWhatIsAllowed) {
  Served served;
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    const std::string answer = Client(served.port()).send(last_request(method + " /")).rest();
    EXPECT_EQ(status_of(answer), "HTTP/1.1 405 Method Not Allowed");
    EXPECT_NE(answer.find("\r\nAllow: GET, HEAD\r\n"), std::string::npos) << answer;
  }
}

TEST(HttpServer, LeavesTheQueryAndTheHostOfATargetAside) {
  Served served;
  const auto path = [&](const std::string& target) {
    return body_of(Client(served.port()).send(last_request("GET " + target)).rest());
  };
  EXPECT_EQ(path("/readyz?verbose"), "/readyz");
  EXPECT_EQ(path("http://pod:8086/metrics"), "/metrics");
  EXPECT_EQ(path("http://pod:8086"), "/");
}

TEST(HttpServer, KeepsTheConnectionForMoreRequests) {
  Served served;
  Client client(served.port());
  EXPECT_NE(client.send(request("GET /one")).until("/one").find("200 OK"), std::string::npos);
  EXPECT_NE(client.send(request("GET /two")).until("/two").find("200 OK"), std::string::npos);
  EXPECT_EQ(body_of(client.send(last_request("GET /three")).rest()), "/three");
}

TEST(HttpServer, ClosesAfterARequestOfHttp10) {
  Served served;
  EXPECT_EQ(body_of(Client(served.port()).send("GET /old HTTP/1.0\r\n\r\n").rest()), "/old");
}

// Its body is not read: what comes behind it could be taken for a request.
TEST(HttpServer, ClosesAfterARequestWithABody) {
  Served served;
  const std::string inner = request("GET /inner");
  const std::string length = "Content-Length: " + std::to_string(inner.size()) + "\r\n";
  const std::string answers =
      Client(served.port()).send(request("GET /outer", length) + inner).rest();
  EXPECT_EQ(body_of(answers), "/outer");
}

TEST(HttpServer, RefusesWhatIsNoHttp) {
  Served served;
  for (const std::string text :
       {"hello\r\n\r\n", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"}) {
    EXPECT_EQ(status_of(Client(served.port()).send(text).rest()), "HTTP/1.1 400 Bad Request")
        << text;
  }
}

TEST(HttpServer, RefusesAHeadThatIsTooLarge) {
  HttpLimits limits;
  limits.header_size_max = 512;
  Served served(limits);
  const std::string large = request("GET /", "X: " + std::string(2000, 'x') + "\r\n");
  EXPECT_EQ(status_of(Client(served.port()).send(large).rest()),
            "HTTP/1.1 431 Request Header Fields Too Large");
}

// The server's close ends each of these; a server without the limit would let the test hang.
TEST(HttpServer, ClosesWhenARequestIsNotCompleteInTime) {
  HttpLimits limits;
  limits.request_limit = std::chrono::milliseconds(20);
  Served served(limits);
  EXPECT_EQ(Client(served.port()).rest(), "");
  EXPECT_EQ(Client(served.port()).send("GET / HTTP/1.1\r\nHost:").rest(), "");
}

TEST(HttpServer, ClosesAConnectionThatStaysIdle) {
  HttpLimits limits;
  limits.idle_limit = std::chrono::milliseconds(20);
  Served served(limits);
  EXPECT_EQ(body_of(Client(served.port()).send(request("GET /one")).rest()), "/one");
}

TEST(HttpServer, TheQuietestConnectionMakesRoomForANewOne) {
  HttpLimits limits;
  limits.connections_max = 2;
  Served served(limits);
  Client first(served.port());
  first.send(request("GET /first")).until("/first");
  Client second(served.port());
  second.send(request("GET /second")).until("/second");
  first.send(request("GET /again")).until("/again");
  Client third(served.port());
  EXPECT_EQ(third.send(request("GET /third")).until("/third").substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(second.rest(), "");
  EXPECT_EQ(body_of(first.send(last_request("GET /still")).rest()), "/still");
}

TEST(HttpServer, AClientThatGoesAwayHarmsNoOther) {
  Served served;
  { Client(served.port()).send("GET /gone HT"); }
  { Client(served.port()).send(request("GET /unread")); }
  EXPECT_EQ(body_of(Client(served.port()).send(last_request("GET /here")).rest()), "/here");
}

TEST(HttpServer, AnAddressThatIsTakenIsAnErrorWithItsName) {
  Served served;
  asio::io_context loop;
  HttpServer other(loop, [](const std::string&) { return HttpAnswer{}; });
  const std::string at = "127.0.0.1:" + std::to_string(served.port());
  EXPECT_EQ(other.listen("127.0.0.1", served.port()),
            "cannot listen at " + at + ": Address already in use");
}

TEST(HttpServer, WhatIsNoAddressIsAnErrorWithItsName) {
  asio::io_context loop;
  HttpServer server(loop, [](const std::string&) { return HttpAnswer{}; });
  EXPECT_EQ(server.listen("localhost", 0), "cannot listen at \"localhost\": it is no IP address");
}

TEST(HttpServer, ListensAtIpv6AndTakesIpv4AsWell) {
  if (!has_ipv6())
    GTEST_SKIP() << "this kernel has no ::1 (IPv6 is off), so nothing can listen there";
  Served served({}, "::");
  ASSERT_EQ(served.error(), "");
  EXPECT_EQ(body_of(Client(served.port(), "::1").send(last_request("GET /six")).rest()), "/six");
  EXPECT_EQ(body_of(Client(served.port()).send(last_request("GET /four")).rest()), "/four");
}

TEST(HttpServer, NoAddressIsEveryAddress) {
  Served served({}, "");
  EXPECT_EQ(served.error(), "");
  EXPECT_EQ(body_of(Client(served.port()).send(last_request("GET /any")).rest()), "/any");
}

/// Sockets of this process at the local port: how many, and how many of them a child would inherit.
std::pair<int, int> sockets_at(std::uint16_t port) {
  int all = 0;
  int inherited = 0;
  for (int fd = 0; fd < 1024; ++fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
    if (address.sin_family != AF_INET || ntohs(address.sin_port) != port) continue;
    ++all;
    if ((::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) ++inherited;
  }
  return {all, inherited};
}

TEST(HttpServer, NoSocketIsInheritedByAChild) {
  Served served;
  Client client(served.port());
  client.send(request("GET /one")).until("/one");
  EXPECT_EQ(sockets_at(served.port()), std::make_pair(2, 0));  // listening, and accepted
}

}  // namespace
}  // namespace waiter::run

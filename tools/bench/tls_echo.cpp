// tls_echo BYTES: the least that an HTTPS server can do, as the measure for one that does more. One
// thread, one epoll, P-256, keep-alive; whatever is asked, the answer is the same BYTES bytes, head
// included. OpenSSL is set up as fakeapi sets it up.
#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace {

using Stream = std::unique_ptr<SSL, decltype(&SSL_free)>;

SSL_CTX* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  return context;
}

// The port is the kernel's choice and is printed.
int make_listener() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd, generic, size) != 0 || ::listen(fd, 128) != 0) std::exit(3);
  ::getsockname(fd, generic, &size);
  std::printf("{\"url\":\"https://127.0.0.1:%d\"}\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

std::string make_answer(std::size_t bytes) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
  const std::size_t framing = head.size() + 4 + 4;  // four digits, two line ends
  const std::size_t body = bytes > framing ? bytes - framing : 0;
  return head + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
}

// One request for each read: the load generators here send one and wait for its answer. False: the
// client is gone.
bool serve(SSL* stream, const std::string& answer) {
  std::array<char, 16384> input{};
  std::size_t bytes = 0;
  int outcome = SSL_read_ex(stream, input.data(), input.size(), &bytes);
  if (outcome == 1) outcome = SSL_write_ex(stream, answer.data(), answer.size(), &bytes);
  return outcome == 1 || SSL_get_error(stream, outcome) == SSL_ERROR_WANT_READ;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  ::setenv("OPENSSL_CONF", "/dev/null", 0);
  const std::string answer = make_answer(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000);
  SSL_CTX* context = make_context();
  const int listener = make_listener();
  const int poll = ::epoll_create1(0);
  std::unordered_map<int, Stream> streams;
  const auto watch = [poll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener);
  while (true) {
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (accepted < 0) continue;
        SSL* stream = SSL_new(context);
        SSL_set_fd(stream, accepted);
        SSL_set_accept_state(stream);
        streams.emplace(accepted, Stream(stream, &SSL_free));
        watch(accepted);
      } else if (!serve(streams.at(fd).get(), answer)) {
        streams.erase(fd);
        ::close(fd);
      }
    }
  }
}

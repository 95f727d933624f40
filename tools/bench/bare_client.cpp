// bare_client URL DIR TARGET: the least that a client of the API can do that is no danger to its
// token: reads DIR/ca.crt and DIR/token, connects, trusts nobody but that CA, sends one GET, reads
// the answer to its end. Exit code 0 when that was a 200.
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "tools/bench/tls_client.hpp"

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

SSL_CTX* make_careful_context(const std::string& ca) {
  SSL_CTX* context = bench::make_client_context();
  X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), "127.0.0.1");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr) == 1 ? context : nullptr;
}

bool is_whole(const std::string& answer) {
  constexpr std::string_view name = "Content-Length: ";
  const auto end_of_head = answer.find("\r\n\r\n");
  const auto length = answer.find(name);
  if (end_of_head == std::string::npos || length > end_of_head) return false;
  return answer.size() >= end_of_head + 4 + std::stoul(answer.substr(length + name.size(), 9));
}

bool get(SSL_CTX* context, std::uint16_t port, const std::string& token, const char* target) {
  bench::TlsClient client(context, port);
  const bool sent = client.handshake() && client.send("GET " + std::string(target) +
                                                      " HTTP/1.1\r\nHost: localhost\r\n"
                                                      "Authorization: Bearer " +
                                                      token + "\r\n\r\n");
  if (!sent) return false;
  std::string answer;
  while (!client.failed() && !is_whole(answer)) answer += client.read();
  return is_whole(answer) && answer.starts_with("HTTP/1.1 200 ");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const std::string folder = argv[2];
  SSL_CTX* context = make_careful_context(folder + "/ca.crt");
  if (context == nullptr) return 3;
  ::_exit(get(context, bench::port_of(argv[1]), text_of(folder + "/token"), argv[3]) ? 0 : 3);
}

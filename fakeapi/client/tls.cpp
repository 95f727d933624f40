#include "fakeapi/client/tls.hpp"

#include <arpa/inet.h>
#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace fakeapi::client {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

Bio bio_of(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate next_certificate(BIO* bio) {
  return Certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
}

/// How many certificates of the text are trusted now.
int trust(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  int trusted = 0;
  while (const Certificate one = next_certificate(bio.get())) {
    trusted += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
  }
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return trusted;
}

bool use_certificate(SSL_CTX* context, const Credentials::Certificate& given) {
  const Bio chain = bio_of(given.pem);
  const Certificate own = next_certificate(chain.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (const Certificate one = next_certificate(chain.get())) {
    if (SSL_CTX_add1_chain_cert(context, one.get()) != 1) return false;
  }
  ERR_clear_error();
  const Bio text = bio_of(given.key);
  // No dialog for a key with a passphrase: an empty one is tried.
  const std::unique_ptr<EVP_PKEY, FreeKey> key(PEM_read_bio_PrivateKey(
      text.get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr));
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
         SSL_CTX_check_private_key(context) == 1;
}

const std::string& expected_name(const Access& access) {
  return access.server_name.empty() ? access.host : access.server_name;
}

bool is_address(const std::string& text) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, text.c_str(), &bytes) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
}

}  // namespace

Or<SSL_CTX*> make_tls_context(const Access& access, const Credentials::Certificate& certificate) {
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Problem{"TLS cannot be used: out of memory"};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), access.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  // As Go: what is given is trusted, whether it signs itself or not.
  X509_STORE_set_flags(SSL_CTX_get_cert_store(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  if (access.verify && access.ca.present()) {
    const auto pem = read(access.ca);
    if (const auto* problem = std::get_if<Problem>(&pem))
      return Problem{"CA certificate: " + problem->message};
    if (trust(context.get(), std::get<std::string>(pem)) == 0) {
      return Problem{"CA certificate: " +
                     (access.ca.file.empty() ? "certificate-authority-data of " + access.origin
                                             : access.ca.file) +
                     " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"};
    }
  } else if (access.verify) {
    SSL_CTX_set_default_verify_paths(context.get());
  }
  if (!certificate.pem.empty() && !use_certificate(context.get(), certificate)) {
    ERR_clear_error();
    return Problem{"the client certificate and its key of " + access.origin +
                   " cannot be used: they must be PEM, without a passphrase, and belong together"};
  }
  return context.release();
}

void expect_server(SSL* tls, const Access& access) {
  const std::string& name = expected_name(access);
  if (is_address(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name.c_str());
    return;  // an address is no server name (RFC 6066 3)
  }
  SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(name.c_str()));
  // As Go: no name in the subject, no wildcard for a part of a label.
  SSL_set_hostflags(tls,
                    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set1_host(tls, name.c_str());
}

std::string why_untrusted(SSL* tls, const Access& access) {
  const long verdict = SSL_get_verify_result(tls);
  if (!access.verify || verdict == X509_V_OK) return "";
  const bool other_name =
      verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
  if (other_name) return "its certificate is not for \"" + expected_name(access) + "\"";
  return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace fakeapi::client

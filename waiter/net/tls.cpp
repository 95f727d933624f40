#include "waiter/net/tls.hpp"

#include <cstdlib>
#include <string>
#include <utility>

#include <boost/asio/ssl/context.hpp>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace waiter::net {
namespace {

using boost::asio::ssl::context;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::string name_of(const Material& material, const std::string& what) {
  return material.file.empty() ? what : material.file;
}

/// The system's openssl.cnf is read only where OPENSSL_CONF names one: nothing in it is meant for
/// us, and a scratch image has none. (No variable is set for that: a command that is started would
/// inherit it.)
void ignore_system_configuration() {
  if (std::getenv("OPENSSL_CONF") != nullptr) return;
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

/// Adds every certificate of a PEM text to the trusted ones; the number of them.
int trust(context& tls, const std::string& pem) {
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  X509_STORE* store = SSL_CTX_get_cert_store(tls.native_handle());
  int trusted = 0;
  while (true) {
    const std::unique_ptr<X509, FreeX509> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    if (X509_STORE_add_cert(store, certificate.get()) == 1) ++trusted;
  }
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return trusted;
}

std::optional<ConfigError> use_ca(context& tls, const ClusterAccess& access) {
  const auto pem = read_material(access.ca);
  if (const auto* error = std::get_if<ConfigError>(&pem))
    return ConfigError{"CA certificate: " + error->message};
  if (trust(tls, std::get<std::string>(pem)) > 0) return std::nullopt;
  return ConfigError{"CA certificate: " +
                     name_of(access.ca, "certificate-authority-data of the " + access.origin) +
                     " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"};
}

std::optional<ConfigError> use_client_certificate(context& tls, const ClusterAccess& access) {
  const auto certificate = read_material(access.client_certificate);
  const auto key = read_material(access.client_key);
  if (const auto* error = std::get_if<ConfigError>(&certificate)) return *error;
  if (const auto* error = std::get_if<ConfigError>(&key)) return *error;
  boost::system::error_code failed;
  tls.use_certificate_chain(boost::asio::buffer(std::get<std::string>(certificate)), failed);
  if (!failed)
    tls.use_private_key(boost::asio::buffer(std::get<std::string>(key)), context::pem, failed);
  if (!failed) return std::nullopt;
  return ConfigError{"client certificate of the " + access.origin + ": " + failed.message()};
}

}  // namespace

std::variant<TlsContext, ConfigError> make_tls_context(const ClusterAccess& access) {
  ignore_system_configuration();
  auto tls = std::make_shared<context>(context::tls_client);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  tls->set_verify_mode(access.verify_certificate ? boost::asio::ssl::verify_peer
                                                 : boost::asio::ssl::verify_none);
  if (access.verify_certificate) {
    if (access.ca.present()) {
      if (auto error = use_ca(*tls, access)) return std::move(*error);
    } else {
      SSL_CTX_set_default_verify_paths(
          tls->native_handle());  // a kubeconfig without a CA means the system's
    }
  }
  if (access.client_certificate.present()) {
    if (auto error = use_client_certificate(*tls, access)) return std::move(*error);
  }
  return tls;
}

std::optional<ConfigError> check_tls(const ClusterAccess& access) {
  auto made = make_tls_context(access);
  if (auto* error = std::get_if<ConfigError>(&made)) return std::move(*error);
  return std::nullopt;
}

}  // namespace waiter::net

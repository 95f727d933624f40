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

/// What a context is made of, as it is now.
struct Texts {
  bool verify_certificate = true;
  std::string ca;
  std::string certificate;
  std::string key;
  bool operator==(const Texts&) const = default;
};

/// The last context: the check at the start and every connection share it, until kubelet or a
/// plugin has put something else in the place of the CA or the certificate.
struct Last {
  Texts texts;
  TlsContext context;
};
Last last;

std::variant<Texts, ConfigError> read_texts(const ClusterAccess& access) {
  Texts texts;
  texts.verify_certificate = access.verify_certificate;
  const auto read = [](const Material& material, std::string& text,
                       const std::string& what) -> std::optional<ConfigError> {
    auto got = read_material(material);
    if (auto* error = std::get_if<ConfigError>(&got)) return ConfigError{what + error->message};
    text = std::get<std::string>(std::move(got));
    return std::nullopt;
  };
  std::optional<ConfigError> error;
  if (access.verify_certificate) error = read(access.ca, texts.ca, "CA certificate: ");
  if (!error && access.client_certificate.present()) {
    error = read(access.client_certificate, texts.certificate, "");
    if (!error) error = read(access.client_key, texts.key, "");
  }
  if (error) return std::move(*error);
  return texts;
}

std::optional<ConfigError> use_ca(context& tls, const ClusterAccess& access,
                                  const std::string& pem) {
  if (trust(tls, pem) > 0) return std::nullopt;
  return ConfigError{"CA certificate: " +
                     name_of(access.ca, "certificate-authority-data of the " + access.origin) +
                     " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"};
}

std::optional<ConfigError> use_client_certificate(context& tls, const ClusterAccess& access,
                                                  const Texts& texts) {
  boost::system::error_code failed;
  tls.use_certificate_chain(boost::asio::buffer(texts.certificate), failed);
  if (!failed) tls.use_private_key(boost::asio::buffer(texts.key), context::pem, failed);
  if (!failed) return std::nullopt;
  return ConfigError{"client certificate of the " + access.origin + ": " + failed.message()};
}

std::variant<TlsContext, ConfigError> make(const ClusterAccess& access, const Texts& texts) {
  ignore_system_configuration();
  auto tls = std::make_shared<context>(context::tls_client);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  tls->set_verify_mode(access.verify_certificate ? boost::asio::ssl::verify_peer
                                                 : boost::asio::ssl::verify_none);
  if (access.verify_certificate) {
    if (access.ca.present()) {
      if (auto error = use_ca(*tls, access, texts.ca)) return std::move(*error);
    } else {
      SSL_CTX_set_default_verify_paths(
          tls->native_handle());  // a kubeconfig without a CA means the system's
    }
  }
  if (access.client_certificate.present()) {
    if (auto error = use_client_certificate(*tls, access, texts)) return std::move(*error);
  }
  return tls;
}

}  // namespace

std::variant<TlsContext, ConfigError> make_tls_context(const ClusterAccess& access) {
  auto texts = read_texts(access);
  if (auto* error = std::get_if<ConfigError>(&texts)) return std::move(*error);
  auto& now = std::get<Texts>(texts);
  if (last.context && last.texts == now) return last.context;
  auto made = make(access, now);
  // Of the system's CAs nothing is known that could be compared.
  const bool comparable = access.ca.present() || !access.verify_certificate;
  if (const auto* context = std::get_if<TlsContext>(&made); context && comparable) {
    last = {std::move(now), *context};
  }
  return made;
}

std::optional<ConfigError> check_tls(const ClusterAccess& access) {
  auto made = make_tls_context(access);
  if (auto* error = std::get_if<ConfigError>(&made)) return std::move(*error);
  return std::nullopt;
}

}  // namespace waiter::net

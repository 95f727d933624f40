// Certificates by hand with OpenSSL. Each extension is there because a verifier asks for it: the
// list is that of RFC 5280, sections 4.2.1 and 5, and of X509_V_FLAG_X509_STRICT in
// x509_verify_cert(3).
#include "fakeapi/server/identity.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace fakeapi::server {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;

constexpr std::int64_t day_seconds = 24 * 60 * 60;
constexpr std::int64_t authority_lifetime_seconds = 10 * 365 * day_seconds;
constexpr std::int64_t server_lifetime_seconds = 365 * day_seconds;

std::string openssl_reason() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

// At most 20 octets, positive, and not to be guessed (RFC 5280 4.1.2.2).
bool set_random_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7fU) | 0x40U);
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509_NAME* name, const char* common_name) {
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name), -1, -1,
                                    0) == 1;
}

// The fields that both certificates have. A null issuer is the certificate itself.
Certificate blank_certificate(const char* common_name, EVP_PKEY* key, X509* issuer,
                              std::int64_t not_before, std::int64_t lifetime_seconds) {
  Certificate certificate(X509_new());
  X509* raw = certificate.get();
  if (!raw || X509_set_version(raw, X509_VERSION_3) != 1 || !set_random_serial(raw)) return nullptr;
  const std::time_t from = not_before;
  const std::time_t until = not_before + lifetime_seconds;
  if (!ASN1_TIME_set(X509_getm_notBefore(raw), from)) return nullptr;
  if (!ASN1_TIME_set(X509_getm_notAfter(raw), until)) return nullptr;
  if (!set_name(X509_get_subject_name(raw), common_name)) return nullptr;
  X509_NAME* signer = X509_get_subject_name(issuer ? issuer : raw);
  if (X509_set_issuer_name(raw, signer) != 1 || X509_set_pubkey(raw, key) != 1) return nullptr;
  return certificate;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate make_authority(EVP_PKEY* key, std::int64_t not_before) {
  Certificate authority =
      blank_certificate("fakeapi authority", key, nullptr, not_before, authority_lifetime_seconds);
  X509* raw = authority.get();
  const bool made = raw && add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE") &&
                    add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(raw, raw, NID_subject_key_identifier, "hash") &&
                    add_extension(raw, raw, NID_authority_key_identifier, "keyid:always") &&
                    X509_sign(raw, key, EVP_sha256()) > 0;
  return made ? std::move(authority) : nullptr;
}

Certificate make_server(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key,
                        GENERAL_NAMES* names, std::int64_t not_before,
                        std::int64_t lifetime_seconds) {
  Certificate server =
      blank_certificate("kube-apiserver", key, authority, not_before, lifetime_seconds);
  X509* raw = server.get();
  const bool made = raw &&
                    add_extension(raw, authority, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(raw, authority, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(raw, authority, NID_ext_key_usage, "serverAuth") &&
                    add_extension(raw, authority, NID_subject_key_identifier, "hash") &&
                    add_extension(raw, authority, NID_authority_key_identifier, "keyid:always") &&
                    X509_add1_ext_i2d(raw, NID_subject_alt_name, names, 0, 0) == 1 &&
                    X509_sign(raw, authority_key, EVP_sha256()) > 0;
  return made ? std::move(server) : nullptr;
}

bool is_dns_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '*';
  };
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), allowed);
}

// Takes the value over when it could be added.
bool add_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (!name || !value) return false;
  GENERAL_NAME_set0_value(name, type, value);
  return sk_GENERAL_NAME_push(names, name) > 0;
}

// The names of the certificate, or what is wrong with one of them.
std::optional<std::string> add_names(GENERAL_NAMES* names, const std::vector<std::string>& dns,
                                     const std::vector<std::string>& addresses) {
  for (const std::string& text : dns) {
    ASN1_STRING* value = is_dns_name(text) ? ASN1_STRING_type_new(V_ASN1_IA5STRING) : nullptr;
    if (!value) return "\"" + text + "\" is not a DNS name that a certificate can carry";
    ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    if (!add_name(names, GEN_DNS, value)) return "out of memory";
  }
  for (const std::string& text : addresses) {
    ASN1_OCTET_STRING* value = a2i_IPADDRESS(text.c_str());
    if (!value) return "\"" + text + "\" is not an IP address";
    if (!add_name(names, GEN_IPADD, value)) return "out of memory";
  }
  return std::nullopt;
}

template <class Write>
std::string pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string certificate_text(X509* certificate) {
  return pem([certificate](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string key_text(EVP_PKEY* key) {
  return pem([key](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::vector<std::string> usual_names() {
  return {"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local"};
}

std::vector<std::string> usual_addresses() { return {"127.0.0.1", "::1"}; }

}  // namespace

std::variant<Identity, IdentityError> make_identity(std::int64_t not_before_unix_seconds,
                                                    const std::vector<std::string>& dns_names,
                                                    const std::vector<std::string>& ip_addresses) {
  std::vector<std::string> dns = usual_names();
  std::vector<std::string> addresses = usual_addresses();
  dns.insert(dns.end(), dns_names.begin(), dns_names.end());
  addresses.insert(addresses.end(), ip_addresses.begin(), ip_addresses.end());

  const Names names(GENERAL_NAMES_new());
  if (auto problem = add_names(names.get(), dns, addresses)) {
    ERR_clear_error();
    return IdentityError{"cannot make a server certificate: " + *problem};
  }
  const Key authority_key(EVP_EC_gen("P-256"));
  const Key server_key(EVP_EC_gen("P-256"));
  Certificate authority;
  Certificate server;
  if (authority_key && server_key)
    authority = make_authority(authority_key.get(), not_before_unix_seconds);
  if (authority) {
    server = make_server(server_key.get(), authority.get(), authority_key.get(), names.get(),
                         not_before_unix_seconds, server_lifetime_seconds);
  }
  if (!server) return IdentityError{"cannot make a server certificate: " + openssl_reason()};
  Identity identity;
  identity.ca_pem = certificate_text(authority.get());
  identity.certificate_pem = certificate_text(server.get());
  identity.key_pem = key_text(server_key.get());
  identity.ca_key_pem = key_text(authority_key.get());
  return identity;
}

std::variant<Identity, IdentityError> make_flawed(const Identity& identity, CertificateFlaw flaw,
                                                  std::int64_t now_unix_seconds) {
  const bool expired = flaw == CertificateFlaw::expired;
  const Names names(GENERAL_NAMES_new());
  const auto problem = expired ? add_names(names.get(), usual_names(), usual_addresses())
                               : add_names(names.get(), {"another-host.invalid"}, {});
  const Memory ca_text(BIO_new_mem_buf(identity.ca_pem.data(), -1));
  const Memory key_in(BIO_new_mem_buf(identity.ca_key_pem.data(), -1));
  const Certificate authority(PEM_read_bio_X509(ca_text.get(), nullptr, nullptr, nullptr));
  const Key authority_key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
  const Key server_key(EVP_EC_gen("P-256"));
  Certificate server;
  if (!problem && authority && authority_key && server_key) {
    constexpr std::int64_t day_seconds = 24 * 3600;
    server = make_server(server_key.get(), authority.get(), authority_key.get(), names.get(),
                         now_unix_seconds - (expired ? 2 * day_seconds : 60),
                         expired ? day_seconds : server_lifetime_seconds);
  }
  if (!server) return IdentityError{"cannot make a server certificate: " + openssl_reason()};
  Identity flawed = identity;
  flawed.certificate_pem = certificate_text(server.get());
  flawed.key_pem = key_text(server_key.get());
  return flawed;
}

}  // namespace fakeapi::server

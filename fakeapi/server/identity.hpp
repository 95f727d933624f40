// Who the server is: a certificate authority made for this run, and a server certificate that it
// signed.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace fakeapi::server {

struct Identity {
  std::string ca_pem;           // what clients trust: certificate-authority-data, ca.crt
  std::string certificate_pem;  // the server's own
  std::string key_pem;          // its private key, PKCS #8
  std::string ca_key_pem;       // the authority's, for make_flawed()
};

struct IdentityError {
  std::string message;
};

/// A fresh P-256 authority and a certificate that strict verifiers accept (Go; OpenSSL with
/// X509_V_FLAG_X509_STRICT, the default of Python 3.13; RFC 5280). It always names localhost,
/// kubernetes, kubernetes.default, kubernetes.default.svc, kubernetes.default.svc.cluster.local,
/// 127.0.0.1 and ::1, as kubeadm's certificate does; `dns_names` and `ip_addresses` come on top.
/// The server's certificate is valid for a year from `not_before`, the authority for ten, as
/// kubeadm makes them. An error names the argument that cannot be in a certificate.
std::variant<Identity, IdentityError> make_identity(
    std::int64_t not_before_unix_seconds, const std::vector<std::string>& dns_names = {},
    const std::vector<std::string>& ip_addresses = {});

/// What can be wrong with a certificate, by intention.
enum class CertificateFlaw { expired, wrong_host };

/// Another server certificate of the same authority, with a flaw: one that expired a day before
/// `now`, or one for a host of another name and no address.
std::variant<Identity, IdentityError> make_flawed(const Identity& identity, CertificateFlaw flaw,
                                                  std::int64_t now_unix_seconds);

}  // namespace fakeapi::server

#include "fakeapi/server/identity.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace fakeapi::server {
namespace {

constexpr std::int64_t now_seconds = 1'795'416'072;  // Mon, 23 Nov 2026 06:41:12 GMT
constexpr std::int64_t day_seconds = 86'400;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate parsed(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  return {PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free};
}

// X509_V_OK, or why a strict TLS client refuses the server at that time.
int verify(const Identity& identity, std::int64_t at_seconds) {
  const Certificate authority = parsed(identity.ca_pem);
  const Certificate server = parsed(identity.certificate_pem);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(),
                                                                      &X509_STORE_free);
  X509_STORE_add_cert(store.get(), authority.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
      X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), server.get(), nullptr);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(parameters, at_seconds);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

Identity made(const std::vector<std::string>& dns = {}, const std::vector<std::string>& ips = {}) {
  auto result = make_identity(now_seconds, dns, ips);
  EXPECT_TRUE(std::holds_alternative<Identity>(result));
  return std::get<Identity>(std::move(result));
}

// Python 3.13 verifies with X509_V_FLAG_X509_STRICT by default.
TEST(Identity, SatisfiesStrictVerification) {
  EXPECT_EQ(verify(made(), now_seconds + 1), X509_V_OK);
}

TEST(Identity, IsNotValidBeforeItsBeginning) {
  EXPECT_EQ(verify(made(), now_seconds - 1), X509_V_ERR_CERT_NOT_YET_VALID);
}

// kubeadm's certificates live for a year.
TEST(Identity, ServerCertificateExpiresAfterOneYear) {
  const Identity identity = made();
  EXPECT_EQ(verify(identity, now_seconds + 364 * day_seconds), X509_V_OK);
  EXPECT_EQ(verify(identity, now_seconds + 366 * day_seconds), X509_V_ERR_CERT_HAS_EXPIRED);
}

// In-cluster clients use any of the Service's names, or its address (Kubernetes documentation, PKI
// certificates).
TEST(Identity, CarriesNamesThatClustersUse) {
  const Certificate server = parsed(made().certificate_pem);
  for (const char* name : {"localhost", "kubernetes", "kubernetes.default",
                           "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}) {
    EXPECT_EQ(X509_check_host(server.get(), name, 0, 0, nullptr), 1) << name;
  }
  EXPECT_EQ(X509_check_ip_asc(server.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(server.get(), "::1", 0), 1);
}

TEST(Identity, CarriesNamesThatTheCallerAdds) {
  const Certificate server = parsed(made({"fakeapi"}, {"10.96.0.1"}).certificate_pem);
  EXPECT_EQ(X509_check_host(server.get(), "fakeapi", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(server.get(), "10.96.0.1", 0), 1);
}

TEST(Identity, CarriesNoOtherName) {
  const Certificate server = parsed(made().certificate_pem);
  EXPECT_EQ(X509_check_host(server.get(), "example.org", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(server.get(), "127.0.0.2", 0), 0);
}

// RFC 5280 4.2.1.9 and 4.2.1.3: only the authority may sign others.
TEST(Identity, ServerCertificateIsNoAuthority) {
  const Identity identity = made();
  EXPECT_EQ(X509_check_ca(parsed(identity.certificate_pem).get()), 0);
  EXPECT_EQ(X509_check_ca(parsed(identity.ca_pem).get()), 1);
}

// Two runs must not be taken for one another: a client that trusts the first does not trust the
// second.
TEST(Identity, OfAnotherRunIsNotTrusted) {
  Identity mixed = made();
  mixed.ca_pem = made().ca_pem;
  EXPECT_NE(verify(mixed, now_seconds + 1), X509_V_OK);
}

TEST(Identity, AddressThatIsNoneIsNamedInTheError) {
  const auto result = make_identity(now_seconds, {}, {"10.96.0.256"});
  ASSERT_TRUE(std::holds_alternative<IdentityError>(result));
  EXPECT_NE(std::get<IdentityError>(result).message.find("10.96.0.256"), std::string::npos);
}

TEST(Identity, NameThatCannotBeInCertificateIsNamedInTheError) {
  const auto result = make_identity(now_seconds, {"two words"}, {});
  ASSERT_TRUE(std::holds_alternative<IdentityError>(result));
  EXPECT_NE(std::get<IdentityError>(result).message.find("two words"), std::string::npos);
}

}  // namespace
}  // namespace fakeapi::server

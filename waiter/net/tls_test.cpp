#include "waiter/net/tls.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace waiter::net {
namespace {

/// A certificate that has signed itself, with a new key each time.
std::string new_ca() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  BIO* text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(text, certificate);
  char* bytes = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(text, &bytes));
  std::string pem(bytes, size);
  BIO_free(text);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pem;
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    std::string pattern = testing::TempDir() + "tls-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    access_.ca.file = folder_ + "/ca.crt";
    write(new_ca());
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& ca) { std::ofstream(access_.ca.file) << ca; }
  TlsContext context() { return std::get<TlsContext>(make_tls_context(access_)); }

  std::string folder_;
  ClusterAccess access_;
};

TEST_F(TlsTest, MakesOneContextForAllConnections) { EXPECT_EQ(context(), context()); }

TEST_F(TlsTest, ACaThatWasReplacedMakesANewContext) {
  const auto before = context();
  write(new_ca());
  EXPECT_NE(context(), before);
}

TEST_F(TlsTest, ACaThatBecameUnreadableIsAnErrorAlthoughAContextIsThere) {
  context();
  write("");
  EXPECT_TRUE(std::holds_alternative<ConfigError>(make_tls_context(access_)));
  std::filesystem::remove(access_.ca.file);
  EXPECT_TRUE(std::holds_alternative<ConfigError>(make_tls_context(access_)));
}

TEST_F(TlsTest, AContextThatTrustsAnybodyIsAnother) {
  const auto careful = context();
  access_.verify_certificate = false;
  EXPECT_NE(context(), careful);
}

}  // namespace
}  // namespace waiter::net

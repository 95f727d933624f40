#include "fakeapi/client/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/client/test_folder.hpp"

namespace fakeapi::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* version = "client.authentication.k8s.io/v1";

std::string problem_of(const std::string& output) {
  const auto made = parse_exec_credential(output, version);
  const auto* problem = std::get_if<Problem>(&made);
  return problem == nullptr ? "" : problem->message;
}

std::string answer(const std::string& status, const std::string& of = version) {
  return R"({"kind": "ExecCredential", "apiVersion": ")" + of + R"(", "status": )" + status + "}";
}

TEST(ExecCredential, HoldsATokenOrACertificate) {
  const auto made = parse_exec_credential(
      answer(R"({"token": "t", "expirationTimestamp": "2026-11-25T08:00:00Z"})"), version);
  EXPECT_EQ(std::get<Credential>(made).token, "t");
  EXPECT_TRUE(std::get<Credential>(made).expires_at.has_value());
  EXPECT_EQ(problem_of(answer(R"({"clientCertificateData": "c", "clientKeyData": "k"})")), "");
}

TEST(ExecCredential, SaysWhatIsWrongAndNeverWhatItHeld) {
  EXPECT_THAT(problem_of("secret"), HasSubstr("no ExecCredential"));
  EXPECT_THAT(problem_of(answer("{}", "client.authentication.k8s.io/v1beta1")),
              HasSubstr("another apiVersion"));
  EXPECT_THAT(problem_of(answer("null")), HasSubstr("no status"));
  EXPECT_THAT(problem_of(answer("{}")), HasSubstr("neither token"));
  EXPECT_THAT(problem_of(answer(R"({"clientCertificateData": "c"})")), HasSubstr("only one"));
  EXPECT_THAT(problem_of(answer(R"({"token": "t", "expirationTimestamp": "soon"})")),
              HasSubstr("RFC 3339"));
  const std::string split = problem_of(answer(R"({"token": "secret\r\nX: y"})"));
  EXPECT_THAT(split, HasSubstr("characters that no token has"));
  EXPECT_THAT(split, Not(HasSubstr("secret")));
}

class CredentialsTest : public test::Folder {
 protected:
  static std::string authorization(Credentials& credentials) {
    auto made = credentials.authorization();
    const auto* problem = std::get_if<Problem>(&made);
    return problem == nullptr ? std::get<std::string>(made) : problem->message;
  }
  Access with_plugin(const std::string& script) {
    Access access;
    access.plugin = Plugin{version,         write("plugin", "#!/bin/sh\n" + script, 0755),
                           {"one"},         {{"EXTRA", "two"}},
                           "get it\nthere", ""};
    return access;
  }
};

// kubelet and others replace a token before it expires.
TEST_F(CredentialsTest, ATokenFileIsReadAgain) {
  Access access;
  access.token.file = write("token", "first\n");
  Credentials credentials(access);
  EXPECT_EQ(authorization(credentials), "Bearer first");
  write("token", "second");
  EXPECT_EQ(authorization(credentials), "Bearer second");
  write("token", "\n");
  EXPECT_THAT(authorization(credentials), HasSubstr("is empty"));
}

TEST_F(CredentialsTest, APasswordIsSentAsBasicAuthentication) {
  Access access;
  access.basic = "Aladdin:open sesame";  // the example of RFC 7617 2
  Credentials credentials(access);
  EXPECT_EQ(authorization(credentials), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(CredentialsTest, APluginIsAskedOnceUntilItsAnswerIsRefused) {
  const Access access = with_plugin("echo x >> " + path_ +
                                    "/asked\n"
                                    "echo \"$KUBERNETES_EXEC_INFO\" > " +
                                    path_ +
                                    "/told\n"
                                    "printf '%s' '" +
                                    answer(R"({"token": "'$1-$EXTRA'"})") + "'\n");
  Credentials credentials(access);
  EXPECT_EQ(authorization(credentials), "Bearer one-two");
  EXPECT_EQ(authorization(credentials), "Bearer one-two");
  EXPECT_EQ(std::get<std::string>(read({"", path_ + "/asked"})), "x\n");
  EXPECT_THAT(std::get<std::string>(read({"", path_ + "/told"})),
              HasSubstr("\"interactive\":false"));
  credentials.refused();
  EXPECT_EQ(authorization(credentials), "Bearer one-two");
  EXPECT_EQ(std::get<std::string>(read({"", path_ + "/asked"})), "x\nx\n");
}

TEST_F(CredentialsTest, AnAnswerThatHasExpiredIsNotUsedAgain) {
  const Access access = with_plugin(
      "echo x >> " + path_ +
      "/asked\n"
      "echo '" +
      answer(R"({"token": "t", "expirationTimestamp": "2001-01-01T00:00:00Z"})") + "'\n");
  Credentials credentials(access);
  authorization(credentials);
  authorization(credentials);
  EXPECT_EQ(std::get<std::string>(read({"", path_ + "/asked"})), "x\nx\n");
}

TEST_F(CredentialsTest, APluginMayGiveACertificate) {
  const Access access = with_plugin(
      "echo '" + answer(R"({"clientCertificateData": "c", "clientKeyData": "k"})") + "'\n");
  Credentials credentials(access);
  EXPECT_EQ(authorization(credentials), "");
  EXPECT_EQ(std::get<Credentials::Certificate>(credentials.certificate()).key, "k");
}

TEST_F(CredentialsTest, APluginThatFailsIsTold) {
  Access access = with_plugin("exit 3\n");
  EXPECT_THAT(authorization(*std::make_unique<Credentials>(access)), HasSubstr("exit code 3"));
  access.plugin->command = path_ + "/none";
  EXPECT_THAT(authorization(*std::make_unique<Credentials>(access)),
              HasSubstr("No such file or directory; get it there"));
}

}  // namespace
}  // namespace fakeapi::client

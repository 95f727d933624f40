#include "waiter/net/exec_credential.hpp"

#include <gtest/gtest.h>

namespace waiter::net {
namespace {

constexpr const char* v1 = "client.authentication.k8s.io/v1";

std::string answer(const std::string& status) {
  return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":)" +
         status + "}";
}

std::string error_in(const std::string& output) {
  const auto result = parse_exec_credential(output, v1);
  const auto* error = std::get_if<ConfigError>(&result);
  return error == nullptr ? "" : error->message;
}

TEST(ExecCredential, ReadsATokenWithItsEnd) {
  const auto result = parse_exec_credential(
      answer(R"({"token":"t","expirationTimestamp":"1970-01-01T00:01:00Z"})") + "\n", v1);
  ASSERT_TRUE(std::holds_alternative<Credential>(result));
  const auto& credential = std::get<Credential>(result);
  EXPECT_EQ(credential.token, "t");
  EXPECT_EQ(credential.expires_at->time_since_epoch().count(), 60);
}

TEST(ExecCredential, ReadsACertificate) {
  const auto result = parse_exec_credential(
      answer(R"({"clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":null})"),
      v1);
  ASSERT_TRUE(std::holds_alternative<Credential>(result));
  EXPECT_EQ(std::get<Credential>(result).certificate, "C");
  EXPECT_EQ(std::get<Credential>(result).key, "K");
  EXPECT_EQ(std::get<Credential>(result).expires_at, std::nullopt);
}

TEST(ExecCredential, AnErrorNeverHoldsWhatThePluginSaid) {
  for (const std::string& output :
       {std::string("secret"), std::string("[\"secret\"]"), std::string(R"({"kind":"secret"})"),
        std::string(R"({"kind":"ExecCredential","apiVersion":"secret"})"), answer("\"secret\""),
        answer(R"({"token":["secret"]})"), answer(R"({"token":"sec ret"})"),
        answer(R"({"token":"secret\r\nX: y"})"), answer(R"({"x":"secret"})"),
        answer(R"({"clientKeyData":"secret"})"), answer(R"({"clientCertificateData":"secret"})"),
        answer(R"({"token":"secret","expirationTimestamp":"secret"})")}) {
    const std::string error = error_in(output);
    EXPECT_NE(error, "") << output;
    EXPECT_EQ(error.find("sec"), std::string::npos) << error;
  }
}

// client-go refuses an answer of another version than the one it asked with.
TEST(ExecCredential, TheVersionMustBeTheOneThatWasAskedWith) {
  EXPECT_NE(
      error_in(R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1",)"
               R"("status":{"token":"t"}})"),
      "");
}

// RFC 3339 5.8; the seconds come from date -u -d TIME +%s.
TEST(Rfc3339, ReadsTheExamplesOfTheRfc) {
  const auto seconds = [](const std::string& text) {
    const auto time = parse_rfc3339(text);
    return time ? static_cast<long long>(time->time_since_epoch().count()) : -1;
  };
  EXPECT_EQ(seconds("1985-04-12T23:20:50.52Z"), 482196050);
  EXPECT_EQ(seconds("1996-12-19T16:39:57-08:00"), 851042397);
  EXPECT_EQ(seconds("1937-01-01T12:00:27.87+00:20"), -1041337173);
  EXPECT_EQ(seconds("2999-01-01T00:00:00Z"), 32472144000);
  for (const char* wrong : {"", "tomorrow", "1985-04-12", "1985-04-12T23:20:50",
                            "1985-04-12T23:20:50Zx", "1985-04-12T23:20:50+01"}) {
    EXPECT_FALSE(parse_rfc3339(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace waiter::net

#include "waiter/k8s/status.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waiter::k8s {
namespace {

using core::Cause;
using std::chrono::seconds;

// golden/wire-facts.md, "Overload": the body of a 429 is plain text, not JSON.
TEST(ErrorAnswer, SurvivesA429OfPlainText) {
  const auto failure = decode_error(429, "1", "Too many requests, please try again later.\n");
  EXPECT_EQ(failure.cause, Cause::throttled);
  EXPECT_EQ(failure.retry_after, seconds(1));
  EXPECT_EQ(failure.message, "Too many requests, please try again later.");
}

// The recorded answer of kube-apiserver v1.37.2 to a user without rights.
TEST(ErrorAnswer, KeepsTheServersWordsOnA403) {
  const std::string words =
      R"-(endpoints is forbidden: User \"nobody\" cannot list resource \"endpoints\" in API group \"\" in the namespace \"golden-auth\")-";
  const auto failure = decode_error(
      403, "",
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")" + words +
          R"(","reason":"Forbidden","details":{"kind":"endpoints"},"code":403})");
  EXPECT_EQ(failure.cause, Cause::forbidden);
  EXPECT_NE(failure.message.find("User \"nobody\" cannot list resource \"endpoints\""),
            std::string::npos);
}

TEST(ErrorAnswer, TakesTheDelayFromTheStatusWhereThereIsNoHeader) {
  const auto failure =
      decode_error(504, "", R"({"kind":"Status","details":{"retryAfterSeconds":3}})");
  EXPECT_EQ(failure.cause, Cause::server_error);
  EXPECT_EQ(failure.retry_after, seconds(3));
}

TEST(ErrorAnswer, UnderstandsWholeSecondsOnly) {
  for (const char* odd : {"", "soon", "1.5", "-1", "Mon, 23 Nov 2026 06:41:12 GMT"}) {
    EXPECT_EQ(decode_error(429, odd, "").retry_after, std::nullopt) << odd;
  }
  EXPECT_EQ(decode_error(429, "999999999", "").retry_after, seconds(3600))
      << "a bound on what a server may ask";
}

TEST(ErrorAnswer, NamesTheReactionOfEachStatus) {
  EXPECT_EQ(decode_error(401, "", "").cause, Cause::unauthorized);
  EXPECT_EQ(decode_error(404, "", "404 page not found\n").cause, Cause::not_found);
  EXPECT_EQ(decode_error(410, "", "").cause, Cause::expired);
  EXPECT_EQ(decode_error(500, "", "").cause, Cause::server_error);
  EXPECT_EQ(decode_error(302, "", "").cause, Cause::undecodable);
}

TEST(ErrorAnswer, ShowsOnePrintableLineOfAForeignBody) {
  const auto failure =
      decode_error(502, "", "<html>\n\x1b[31mBad\tGateway" + std::string(1000, 'x'));
  EXPECT_LE(failure.message.size(), 300U);
  EXPECT_EQ(failure.message.find_first_of("\n\t\x1b"), std::string::npos);
}

// Up to Kubernetes 1.17 both reasons were in use.
TEST(ErrorEvent, KnowsBothWordsForAnExpiredVersion) {
  EXPECT_EQ(decode_status({{"reason", "Gone"}}).cause, Cause::expired);
  EXPECT_EQ(decode_status({{"reason", "Expired"}, {"code", 410}}).cause, Cause::expired);
}

TEST(ErrorEvent, WithoutAStatusIsNotUnderstood) {
  EXPECT_EQ(decode_status(nlohmann::json::array()).cause, Cause::undecodable);
  EXPECT_EQ(decode_status(nlohmann::json::object()).cause, Cause::undecodable);
}

}  // namespace
}  // namespace waiter::k8s

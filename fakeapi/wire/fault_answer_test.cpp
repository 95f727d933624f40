// The answers that a fault gives, against what a real API server was seen to send (wire-facts,
// "Overload"; tests/golden for the shapes of a Status).
#include "fakeapi/wire/fault_answer.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::wire {
namespace {

using nlohmann::json;

cluster::Response answer(const fault::Respond& respond,
                         const std::string& target = "/api/v1/namespaces/web/endpoints",
                         const std::string& method = "GET") {
  return fault_answer(respond, cluster::attributes_of(method, cluster::parse_uri(target)), "jane");
}

std::string header(const cluster::Response& response, const char* name) {
  return std::string(cluster::find_header(response.headers, name).value_or("(none)"));
}

TEST(FaultAnswer, OverloadIsTheTextThatWasSeen) {
  const auto response = answer({429, fault::AnswerForm::overload, {}, {}});
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header(response, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache, private");
  EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(response, "Warning"), "(none)") << "nobody has looked at the resource yet";
  EXPECT_EQ(*response.body, "Too many requests, please try again later.\n");
  EXPECT_EQ(response.body->size(), 43U);
}

// apiserver server/filters/with_retry_after.go
TEST(FaultAnswer, ServerThatShutsDownClosesTheConnection) {
  const auto response = answer({429, fault::AnswerForm::shutting_down, {}, {}});
  EXPECT_EQ(header(response, "Retry-After"), "5");
  EXPECT_EQ(header(response, "Connection"), "close");
  EXPECT_EQ(*response.body, "The apiserver is shutting down, please try again later.\n");
}

// apiserver storage/cacher/ready.go: the third form is a Status.
TEST(FaultAnswer, WatchCacheThatIsNotReadySendsAStatus) {
  const auto response = answer({429, fault::AnswerForm::status, {}, {}});
  const json status = json::parse(*response.body);
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(status["kind"], "Status");
  EXPECT_EQ(status["reason"], "TooManyRequests");
  EXPECT_EQ(status["message"], "storage is (re)initializing");
  EXPECT_EQ(status["details"]["retryAfterSeconds"], 1);
}

TEST(FaultAnswer, RetryAfterIsWhatTheFaultSays) {
  EXPECT_EQ(header(answer({429, fault::AnswerForm::overload, 7, {}}), "Retry-After"), "7");
  const auto response = answer({503, fault::AnswerForm::status, 9, {}});
  EXPECT_EQ(header(response, "Retry-After"), "9");
  EXPECT_EQ(json::parse(*response.body)["details"]["retryAfterSeconds"], 9);
}

struct Expected {
  int status;
  const char* reason;
};
class FaultAnswerStatus : public ::testing::TestWithParam<Expected> {};

// apimachinery apis/meta/v1/types.go, StatusReason: which reason belongs to which code.
TEST_P(FaultAnswerStatus, HasTheReasonOfItsCode) {
  const auto response = answer({GetParam().status, fault::AnswerForm::status, {}, {}});
  EXPECT_EQ(response.status, GetParam().status);
  const json status = json::parse(*response.body);
  EXPECT_EQ(status["kind"], "Status");
  EXPECT_EQ(status["apiVersion"], "v1");
  EXPECT_EQ(status["status"], "Failure");
  EXPECT_EQ(status["code"], GetParam().status);
  EXPECT_EQ(status["reason"], GetParam().reason);
  EXPECT_FALSE(status["message"].get<std::string>().empty());
  EXPECT_EQ(response.delay, cluster::Duration{});
}

INSTANTIATE_TEST_SUITE_P(
    Codes, FaultAnswerStatus,
    ::testing::Values(Expected{400, "BadRequest"}, Expected{401, "Unauthorized"},
                      Expected{403, "Forbidden"}, Expected{404, "NotFound"},
                      Expected{405, "MethodNotAllowed"}, Expected{406, "NotAcceptable"},
                      Expected{409, "Conflict"}, Expected{410, "Expired"},
                      Expected{413, "RequestEntityTooLarge"}, Expected{415, "UnsupportedMediaType"},
                      Expected{422, "Invalid"}, Expected{429, "TooManyRequests"},
                      Expected{500, "InternalError"}, Expected{502, "InternalError"},
                      Expected{503, "ServiceUnavailable"}, Expected{504, "Timeout"}));

// Recording auth.json: the words of RBAC's refusal.
TEST(FaultAnswer, ForbiddenNamesUserVerbAndResource) {
  const auto response = answer({403, fault::AnswerForm::status, {}, {}});
  const json status = json::parse(*response.body);
  EXPECT_EQ(status["message"],
            "endpoints is forbidden: User \"jane\" cannot list resource \"endpoints\" in API group "
            "\"\" in the namespace \"web\"");
  EXPECT_EQ(status["details"], json({{"kind", "endpoints"}}));
}

TEST(FaultAnswer, ConflictIsAboutTheObject) {
  const auto update = answer({409, fault::AnswerForm::status, {}, {}},
                             "/api/v1/namespaces/web/endpoints/mysql", "PUT");
  EXPECT_EQ(json::parse(*update.body)["message"],
            "Operation cannot be fulfilled on endpoints \"mysql\": the object has been modified; "
            "please apply your changes to the latest version and try again");
  const auto create =
      answer({409, fault::AnswerForm::status, {}, {}}, "/api/v1/namespaces/web/endpoints", "POST");
  EXPECT_EQ(json::parse(*create.body)["reason"], "AlreadyExists");
}

// wire-facts: the Warning is on every answer of v1 Endpoints, not on 401 and 403.
TEST(FaultAnswer, DeprecatedResourceWarnsBehindAuthorisation) {
  EXPECT_NE(header(answer({500, fault::AnswerForm::status, {}, {}}), "Warning"), "(none)");
  EXPECT_EQ(header(answer({403, fault::AnswerForm::status, {}, {}}), "Warning"), "(none)");
  EXPECT_EQ(header(answer({500, fault::AnswerForm::status, {}, {}}, "/api/v1/pods"), "Warning"),
            "(none)");
}

// Go leaves empty fields out: a cause of an InternalError has a message and nothing else.
TEST(FaultAnswer, InternalErrorHasACauseWithoutReason) {
  const json status = json::parse(*answer({500, fault::AnswerForm::status, {}, {}}).body);
  EXPECT_EQ(status["details"],
            json({{"causes", json::array({{{"message", "etcdserver: no leader"}}})}}));
}

TEST(FaultAnswer, TextIsWhatAProxySends) {
  const auto response = answer({502, fault::AnswerForm::text, {}, {}});
  EXPECT_EQ(*response.body, "Bad Gateway\n");
  EXPECT_EQ(header(response, "Retry-After"), "(none)");
  EXPECT_EQ(*answer({502, fault::AnswerForm::text, {}, "no upstream"}).body, "no upstream\n");
}

TEST(FaultAnswer, MessageIsWhatTheFaultSays) {
  const auto response = answer({500, fault::AnswerForm::status, {}, "etcd is on fire"});
  EXPECT_EQ(json::parse(*response.body)["message"], "etcd is on fire");
}

}  // namespace
}  // namespace fakeapi::wire

// The headers that kube-apiserver sets on every answer, beside Content-Type.
#include "fakeapi/cluster/api/respond.hpp"

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

// cacher/watch_cache.go blockTimeout: how long a read waits for a version that is not there yet.
constexpr Duration fresh_wait = std::chrono::seconds(3);

}  // namespace

Response json_response(int status, Bytes body) {
  Response response;
  response.status = status;
  response.headers = {{"Cache-Control", "no-cache, private"}, {"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.headers = {{"Cache-Control", "no-cache, private"},
                      {"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

Response failure_response(const Failure& failure) {
  Response response =
      json_response(failure.code, std::make_shared<const std::string>(status_text(failure) + "\n"));
  if (failure.details && failure.details->retry_after_seconds > 0) {
    response.headers.emplace_back("Retry-After",
                                  std::to_string(failure.details->retry_after_seconds));
  }
  if (failure.code == 504) response.delay = fresh_wait;
  return response;
}

void add_warning(Response& response, std::string_view text) {
  response.headers.emplace_back("Warning", "299 - " + in_quotes(text));
}

}  // namespace fakeapi::cluster

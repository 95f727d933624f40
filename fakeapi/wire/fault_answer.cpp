// Texts and reasons are those of apimachinery api/errors/errors.go and of the place in apiserver
// that is named beside each.
#include "fakeapi/wire/fault_answer.hpp"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/wire/reason_phrase.hpp"

namespace fakeapi::wire {
namespace {

using cluster::Attributes;
using cluster::Failure;
using cluster::StatusDetails;

// server/filters/priority-and-fairness.go and maxinflight.go: before anybody asks who it is.
constexpr const char* overloaded = "Too many requests, please try again later.";
// server/filters/with_retry_after.go
constexpr const char* shutting_down = "The apiserver is shutting down, please try again later.";

// storage/cacher/ready.go: the one 429 that is a Status.
Failure cache_not_ready() {
  StatusDetails details;
  details.retry_after_seconds = 1;
  return {429, "TooManyRequests", "storage is (re)initializing", details, {}};
}

// An error of etcd that nobody knows better: storage/etcd3/watcher.go, transformErrorToEvent.
Failure internal_error() { return cluster::internal_error("etcdserver: no leader"); }

Failure forbidden(const Attributes& a, std::string_view user) {
  const std::string who = cluster::in_quotes(user);
  StatusDetails details{a.name, a.group, a.resource, {}, {}, 0};
  if (!a.is_resource) {
    return {403,
            "Forbidden",
            fmt::format("forbidden: User {} cannot {} path {}", who, a.verb,
                        cluster::in_quotes(a.path)),
            StatusDetails{},
            {}};
  }
  const std::string resource =
      a.subresource.empty() ? a.resource : fmt::format("{}/{}", a.resource, a.subresource);
  const std::string scope =
      a.namespace_name.empty()
          ? "at the cluster scope"
          : fmt::format("in the namespace {}", cluster::in_quotes(a.namespace_name));
  const std::string subject =
      fmt::format("{}{}{}", a.resource, a.group.empty() ? "" : ".", a.group) +
      (a.name.empty() ? "" : " " + cluster::in_quotes(a.name));
  return {
      403,
      "Forbidden",
      fmt::format("{} is forbidden: User {} cannot {} resource {} in API group {} {}", subject, who,
                  a.verb, cluster::in_quotes(resource), cluster::in_quotes(a.group), scope),
      std::move(details),
      {}};
}

/// As much of a kind as the texts about its objects need.
cluster::Kind kind_of(const Attributes& a) {
  cluster::Kind kind;
  kind.group = a.group;
  kind.plural = a.resource;
  return kind;
}

Failure not_found(const Attributes& a) {
  return a.name.empty() ? cluster::resource_not_found() : cluster::not_found(kind_of(a), a.name);
}

Failure conflict(const Attributes& a) {
  if (!a.is_resource) return {409, "Conflict", "the server reported a conflict", {}, {}};
  return a.verb == "create" ? cluster::already_exists(kind_of(a), a.name)
                            : cluster::modified_meanwhile(kind_of(a), a.name);
}

// Codes that say the same whatever was asked: NewGenericServerResponse, and the texts of the
// filters for 413 and 504.
Failure general(int status) {
  struct Row {
    int status;
    const char* reason;
    const char* message;
  };
  static constexpr std::array<Row, 8> rows{{
      {400, "BadRequest", "the server rejected our request for an unknown reason"},
      {406, "NotAcceptable",
       "the server was unable to respond with a content type that the client supports"},
      {413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"},
      {415, "UnsupportedMediaType", "415: Unsupported Media Type"},
      {422, "Invalid", "the server rejected our request due to an error in our request"},
      {502, "InternalError",
       "an error on the server (\"Bad Gateway\") has prevented the request from succeeding"},
      {503, "ServiceUnavailable", "the server is currently unable to handle the request"},
      {504, "Timeout", "Timeout: request did not complete within the allotted timeout"},
  }};
  for (const Row& row : rows) {
    if (row.status != status) continue;
    Failure failure{status, row.reason, row.message, {}, {}};
    if (status == 504) failure.details.emplace();  // NewTimeoutError has them, empty
    return failure;
  }
  return {status,
          status >= 500 ? "InternalError" : "",
          fmt::format("the server responded with the status code {} but did not return more "
                      "information",
                      status),
          {},
          {}};
}

Failure failure_of(int status, const Attributes& a, std::string_view user) {
  switch (status) {
    case 401:
      return cluster::unauthorized();
    case 403:
      return forbidden(a, user);
    case 404:
      return not_found(a);
    case 405:
      return cluster::method_not_allowed();
    case 409:
      return conflict(a);
    case 410:  // storage/etcd3/errors.go
      return cluster::expired("The resourceVersion for the provided list is too old.");
    case 429:
      return cache_not_ready();
    case 500:
      return internal_error();
    default:
      return general(status);
  }
}

// The deprecation of a resource of Kubernetes itself.
std::string_view warning_of(const Attributes& a) {
  static const cluster::Kinds built_in;
  const cluster::Kind* kind = built_in.find(a.group, a.version, a.resource);
  return kind == nullptr ? std::string_view() : std::string_view(kind->warning);
}

cluster::Response status_answer(const fault::Respond& respond, const Attributes& a,
                                std::string_view user) {
  Failure failure = failure_of(respond.status, a, user);
  if (!respond.message.empty()) failure.message = respond.message;
  if (respond.retry_after_seconds) {
    if (!failure.details) failure.details.emplace();
    failure.details->retry_after_seconds = *respond.retry_after_seconds;
  }
  auto answer = cluster::failure_response(failure);
  answer.delay = {};
  // It is added behind authentication and authorisation (wire-facts: not on 401 and 403).
  const bool let_in = a.is_resource && respond.status != 401 && respond.status != 403;
  const std::string_view warning = let_in ? warning_of(a) : std::string_view();
  if (!warning.empty()) cluster::add_warning(answer, warning);
  return answer;
}

// http.Error of Go's net/http.
cluster::Response text_answer(int status, std::string_view text, std::optional<int> retry_after) {
  auto answer = cluster::text_response(status, std::string(text) + "\n");
  if (retry_after) answer.headers.emplace_back("Retry-After", std::to_string(*retry_after));
  return answer;
}

}  // namespace

cluster::Response fault_answer(const fault::Respond& respond, const Attributes& attributes,
                               std::string_view user) {
  const auto text_or = [&](std::string_view other) {
    return respond.message.empty() ? other : std::string_view(respond.message);
  };
  const auto retry_after = respond.retry_after_seconds;
  switch (respond.form) {
    case fault::AnswerForm::status:
      break;
    case fault::AnswerForm::overload:
      return text_answer(respond.status, text_or(overloaded), retry_after.value_or(1));
    case fault::AnswerForm::shutting_down: {
      auto answer = text_answer(respond.status, text_or(shutting_down), retry_after.value_or(5));
      answer.headers.emplace_back("Connection", "close");
      return answer;
    }
    case fault::AnswerForm::text:
      return text_answer(respond.status, text_or(reason_phrase(respond.status)), retry_after);
  }
  return status_answer(respond, attributes, user);
}

std::string error_event(fault::StreamEffect effect) {
  std::optional<Failure> failure;
  if (effect == fault::StreamEffect::error_410) {  // storage/etcd3/errors.go, interpretWatchError
    failure = cluster::expired("The resourceVersion for the provided watch is too old.");
  }
  if (effect == fault::StreamEffect::error_429) failure = cache_not_ready();
  if (effect == fault::StreamEffect::error_500) failure = internal_error();
  if (!failure) return {};
  return fmt::format("{{\"type\":\"ERROR\",\"object\":{}}}\n", cluster::status_text(*failure));
}

}  // namespace fakeapi::wire

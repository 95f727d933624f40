// Questions about the request log: which requests, and until when to wait for how many of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/wire/exchange.hpp"
#include "fakeapi/wire/request_log.hpp"

namespace fakeapi::wire {

/// Whatever is not set does not narrow.
struct RequestFilter {
  std::string verb, resource, group, namespace_name, name, user_agent, fault;
  std::optional<std::uint64_t> connection;
  std::optional<int> status;
  std::optional<bool> open;
  std::uint64_t since = 0;  // only those with a greater seq
  std::uint64_t version =
      0;  // only streams that have delivered this resourceVersion or a later one

  bool fits(const RequestEntry& entry) const;
};

struct RequestQuery {
  RequestFilter filter;
  /// To be waited for; 0 answers at once.
  std::uint64_t count = 0;
  cluster::Duration timeout{};
};

/// How long a question that names no timeout waits, and the longest that one may name.
inline constexpr cluster::Duration wait_default = std::chrono::seconds(30);
inline constexpr cluster::Duration wait_max = std::chrono::minutes(10);

/// From the parameters of a target. The text says what is wrong with them.
std::variant<RequestQuery, std::string> parse_request_query(const cluster::Uri& uri);

/// The names of the parameters, for the reference page.
std::vector<std::string_view> request_query_keys();

/// The answer, which comes at once or when the log holds as many as are asked for; 504 when that
/// does not come to pass in time. The log must outlive it.
Exchange answer_query(cluster::Instant now, RequestLog& log, RequestQuery query);

}  // namespace fakeapi::wire

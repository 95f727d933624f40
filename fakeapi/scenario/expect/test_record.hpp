// For tests: a record of what clients did, in one line each.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/scenario/expect/record.hpp"

namespace fakeapi::scenario::test {

using Seconds = std::chrono::duration<double>;

/// A GET of a path as the server sees it, answered with 200, on connection 1 at this time.
struct Asked : RequestSeen {
  Asked(double seconds, const std::string& path) {
    const cluster::Uri uri = cluster::parse_uri(path);
    real = cluster::Instant(std::chrono::duration_cast<cluster::Duration>(Seconds(seconds)));
    at = real.time_since_epoch();
    connection = 1;
    user_agent = "test/1";
    attributes = cluster::attributes_of("GET", uri);
    target = path;
    status = 200;
    if (uri.has("resourceVersion")) resource_version = uri.parameter("resourceVersion");
    has_timeout = uri.has("timeoutSeconds");
    wants_initial_events = uri.flag("sendInitialEvents").value_or(false);
    is_stream = attributes.verb == "watch";
  }
  Asked& on(std::uint64_t wanted) {
    connection = wanted;
    return *this;
  }
  Asked& by(std::string name) {
    user_agent = std::move(name);
    return *this;
  }
  Asked& with_token(std::uint64_t hash) {
    token = hash;
    return *this;
  }
  Asked& got(int code, std::optional<int> retry_after = {}) {
    status = code;
    retry_after_seconds = retry_after;
    is_stream = is_stream && code == 200;
    return *this;
  }
  Asked& met(std::string name) {
    fault = std::move(name);
    return *this;
  }
  Asked& until(double seconds) {
    ended = cluster::Instant(std::chrono::duration_cast<cluster::Duration>(Seconds(seconds)));
    return *this;
  }
};

inline const std::string slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
inline const std::string watch_slices = slices + "?watch=true&timeoutSeconds=300&resourceVersion=7";

inline Record record_of(std::vector<RequestSeen> requests) {
  Record record;
  record.requests = std::move(requests);
  for (std::size_t i = 0; i < record.requests.size(); ++i) record.requests[i].number = i + 1;
  record.end = std::chrono::seconds(60);
  return record;
}

inline Record ending(Record record, double seconds, std::optional<int> code = 0) {
  record.ended =
      Ended{code, code ? 0 : 9, std::chrono::duration_cast<cluster::Duration>(Seconds(seconds))};
  return record;
}

}  // namespace fakeapi::scenario::test

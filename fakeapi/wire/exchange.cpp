#include "fakeapi/wire/exchange.hpp"

#include <utility>

namespace fakeapi::wire {

Exchange::Exchange(cluster::Instant now, cluster::Response response)
    : head_due_(now + response.delay),
      head_{response.status, std::move(response.headers), response.stream != nullptr},
      body_(std::move(response.body)),
      stream_(std::move(response.stream)) {}

}  // namespace fakeapi::wire

// Opening a watch: which of the three beginnings it has, when it ends, and the refusals
// (recordings: watch.json).
#include <cstdint>

#include <fmt/format.h>

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

// --min-request-timeout: a watch without timeoutSeconds lives between one and two of these.
constexpr std::uint64_t watch_seconds_min = 1800;

// As an ERROR event in a stream that has begun, in the wire order of a Status.
Bytes error_line(const Failure& failure) {
  return std::make_shared<const std::string>(
      fmt::format("{{\"type\":\"ERROR\",\"object\":{}}}\n", status_text(failure)));
}

Failure bad_version(std::string_view text) {
  return {500,
          {},
          fmt::format(
              "resourceVersion: Invalid value: {}: strconv.ParseUint: parsing {}: invalid syntax",
              in_quotes(text), in_quotes(text)),
          std::nullopt,
          {}};
}

bool asks_for_websocket(const Headers& headers) {
  std::string upgrade(find_header(headers, "Upgrade").value_or(""));
  for (char& c : upgrade) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return upgrade == "websocket";
}

// The handshake as golang.org/x/net/websocket checks it, which the original uses.
Response upgraded(const Headers& request, Response response) {
  if (find_header(request, "Sec-WebSocket-Version").value_or("") != "13") {
    Response refused = text_response(400, "missing or bad WebSocket Version");
    refused.headers.emplace_back("Sec-WebSocket-Version", "13");
    return refused;
  }
  if (find_header(request, "Sec-WebSocket-Key").value_or("").empty())
    return text_response(400, "missing Sec-WebSocket-Key");
  if (!find_header(request, "Origin")) return text_response(403, "null origin");
  response.status = 101;
  const std::string_view protocols = find_header(request, "Sec-WebSocket-Protocol").value_or("");
  const bool one = !protocols.empty() && protocols.find(',') == std::string_view::npos;
  if (one) response.headers.emplace_back("Sec-WebSocket-Protocol", protocols);
  return response;
}

}  // namespace

Response Api::watch(const Call& call) {
  auto selection =
      make_selection(*call.kind, call.namespace_name, call.uri->parameter("labelSelector"),
                     call.uri->parameter("fieldSelector"));
  if (!selection) return failure_response(selection.failure());
  // The legacy path of one object: /api/v1/watch/namespaces/x/endpoints/NAME.
  if (call.attributes->item) selection->name = call.attributes->name;
  auto options = read_list_options(*call.uri);
  if (!options) return failure_response(options.failure());
  forget_unknown(*options, watch_list_);
  if (const auto failure = validate_watch(*options, watch_list_)) return failure_response(*failure);
  const std::string& text = options->resource_version;
  const auto version = text.empty() ? std::optional<std::uint64_t>(0) : parse_decimal(text);
  if (!version) return failure_response(bad_version(text));

  WatchPlan plan;
  plan.kind = call.kind;
  plan.selection = std::move(*selection);
  plan.opened = call.now;
  plan.view = event_view(call);
  plan.wall_time = wall_time_;
  const std::uint64_t seconds = options->timeout_seconds > 0
                                    ? options->timeout_seconds
                                    : watch_seconds_min + random_.below(watch_seconds_min);
  constexpr std::uint64_t century_seconds = 100ULL * 365 * 24 * 3600;
  plan.ends = call.now + std::chrono::seconds(std::min(seconds, century_seconds));
  plan.bookmarks = options->allow_watch_bookmarks;
  plan.initial_events = options->send_initial_events.value_or(*version == 0);
  // v1.37 marks the end of the initial events also where only bookmarks were asked for (wire-facts,
  // "Bookmarks").
  plan.initial_events_end = plan.initial_events && plan.bookmarks && watch_list_ == WatchList::on;
  const std::uint64_t reached = watches_.reached();
  plan.version = *version == 0 && !plan.initial_events ? reached : *version;
  // Initial events without a version are those of now, whatever the cache has (cacher.go, Watch);
  // a watch without them begins with whatever it has.
  const bool of_now = options->send_initial_events.value_or(false) && text.empty();
  const std::uint64_t needed = of_now ? store_.version() : *version;

  Response response = json_response(200, nullptr);
  if (plan.initial_events && needed > reached) {
    const Failure failure = version_too_large(needed, reached);
    plan.only_line = error_line(failure);
    response.delay = failure_response(failure).delay;
  } else if (!plan.initial_events && plan.version < store_.compacted(*call.kind)) {
    plan.only_line = error_line(expired(fmt::format("too old resource version: {} ({})",
                                                    plan.version, store_.compacted(*call.kind))));
  }
  response.stream = watches_.open(std::move(plan));
  const Headers& headers = call.request->headers;
  return asks_for_websocket(headers) ? upgraded(headers, std::move(response)) : std::move(response);
}

}  // namespace fakeapi::cluster

#include "fakeapi/run/control/event_wait.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::run {
namespace {

constexpr cluster::Duration timeout_max = std::chrono::minutes(10);

cluster::Response listed(const EventLog& log, std::uint64_t since) {
  std::string lines;
  for (const std::string* line : log.lines_since(since))
    lines += (lines.empty() ? "" : ",") + *line;
  const std::string text =
      fmt::format("{{\"seq\":{},\"epoch\":{},\"epoch-since\":{},\"events\":[{}]}}\n", log.count(),
                  log.epoch(), log.epoch_since(), lines);
  return cluster::json_response(200, std::make_shared<const std::string>(text));
}

class Wait : public wire::PendingAnswer {
 public:
  Wait(EventLog& log, EventQuery query, cluster::Instant ends)
      : log_(log), query_(query), ends_(ends), waiter_(log.wait([this] {
          if (ready_) ready_();
        })) {}
  ~Wait() override { log_.give_up(waiter_); }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  std::optional<cluster::Response> poll(cluster::Instant now) override {
    if (log_.count() == query_.since && now < ends_) return std::nullopt;
    return listed(log_, query_.since);
  }
  cluster::Instant deadline() const override { return ends_; }
  void on_ready(std::function<void()> ready) override { ready_ = std::move(ready); }

 private:
  EventLog& log_;
  EventQuery query_;
  cluster::Instant ends_;
  std::function<void()> ready_;
  EventLog::Waiter waiter_;
};

}  // namespace

std::variant<EventQuery, std::string> parse_event_query(const cluster::Uri& uri) {
  EventQuery query;
  for (const auto& [key, value] : uri.query) {
    const auto duration = scenario::parse_duration(value);
    if (key == "since") {
      const auto number = cluster::parse_decimal(value);
      if (!number) return fmt::format("since: {} is not a number", cluster::in_quotes(value));
      query.since = *number;
    } else if (key == "timeout") {
      if (!duration || *duration < cluster::Duration{} || *duration > timeout_max) {
        return fmt::format("timeout: {} is not a duration of at most 10m, such as 10s",
                           cluster::in_quotes(value));
      }
      query.timeout = *duration;
    } else {
      return scenario::unknown_word("parameter", key, {"since", "timeout"});
    }
  }
  return query;
}

wire::Exchange answer_event_query(cluster::Instant now, EventLog& log, EventQuery query) {
  if (query.timeout == cluster::Duration{} || log.count() != query.since)
    return wire::Exchange(now, listed(log, query.since));
  return wire::Exchange(std::make_unique<Wait>(log, query, now + query.timeout));
}

}  // namespace fakeapi::run

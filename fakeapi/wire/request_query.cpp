// One table of parameters; waiting is a count that is taken again whenever the log has changed.
#include "fakeapi/wire/request_query.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::wire {
namespace {

using nlohmann::ordered_json;

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto number = scenario::parse_number(text);
  if (number) into = static_cast<Number>(*number);
  return number.has_value();
}

bool read_timeout(std::string_view text, RequestQuery& query) {
  const auto duration = scenario::parse_duration(text);
  if (!duration || *duration < cluster::Duration{} || *duration > wait_max) return false;
  query.timeout = *duration;
  query.count = std::max<std::uint64_t>(query.count, 1);
  return true;
}

struct Parameter {
  std::string_view name;
  std::string_view form;
  bool (*read)(std::string_view value, RequestQuery& query);
};

template <std::string RequestFilter::*Field>
bool read_text(std::string_view value, RequestQuery& query) {
  query.filter.*Field = value;
  return true;
}

constexpr std::string_view whole_number = "a number";

const std::vector<Parameter>& parameters() {
  using Query = RequestQuery;
  using Text = std::string_view;
  static const std::vector<Parameter> table{
      {"verb", "", read_text<&RequestFilter::verb>},
      {"resource", "", read_text<&RequestFilter::resource>},
      {"group", "", read_text<&RequestFilter::group>},
      {"namespace", "", read_text<&RequestFilter::namespace_name>},
      {"name", "", read_text<&RequestFilter::name>},
      {"user-agent", "", read_text<&RequestFilter::user_agent>},
      {"fault", "", read_text<&RequestFilter::fault>},
      {"connection", whole_number,
       [](Text value, Query& q) { return read_number(value, q.filter.connection.emplace()); }},
      {"status", whole_number,
       [](Text value, Query& q) { return read_number(value, q.filter.status.emplace()); }},
      {"open", "true or false",
       [](Text value, Query& q) {
         q.filter.open = value == "true";
         return value == "true" || value == "false";
       }},
      {"since", "the seq of a request",
       [](Text value, Query& q) { return read_number(value, q.filter.since); }},
      {"version", "a resourceVersion",
       [](Text value, Query& q) { return read_number(value, q.filter.version); }},
      {"count", whole_number, [](Text value, Query& q) { return read_number(value, q.count); }},
      {"timeout", "a duration of at most 10m, such as 10s", read_timeout},
  };
  return table;
}

ordered_json to_json(const RequestEntry& entry) {
  const cluster::Attributes& a = entry.attributes();
  ordered_json out = {
      {"seq", entry.seq},
      {"at", std::chrono::duration<double>(entry.at.time_since_epoch()).count()},
      {"connection", entry.connection},
      {"user-agent", entry.user_agent},
      {"verb", a.verb},
  };
  if (a.is_resource) {
    out["group"] = a.group;
    out["resource"] = a.subresource.empty() ? a.resource : a.resource + "/" + a.subresource;
    out["namespace"] = a.namespace_name;
    out["name"] = a.name;
  }
  out["target"] = entry.target;
  out["status"] = entry.status;
  out["fault"] = entry.fault;
  out["open"] = entry.open;
  if (entry.is_stream) out["resourceVersion"] = entry.resource_version();
  return out;
}

cluster::Response listed(const RequestLog& log, const RequestFilter& filter) {
  ordered_json requests = ordered_json::array();
  log.visit([&](const RequestEntry& entry) {
    if (filter.fits(entry)) requests.push_back(to_json(entry));
  });
  const ordered_json out = {
      {"limit", RequestLog::entries_max}, {"seq", log.count()}, {"requests", std::move(requests)}};
  // User agents may hold bytes that are no UTF-8.
  const std::string text = out.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  return cluster::json_response(200, std::make_shared<const std::string>(text));
}

std::uint64_t counted(const RequestLog& log, const RequestFilter& filter) {
  std::uint64_t count = 0;
  log.visit([&](const RequestEntry& entry) {
    if (filter.fits(entry)) ++count;
  });
  return count;
}

class Wait final : public PendingAnswer {
 public:
  Wait(RequestLog& log, RequestQuery query, cluster::Instant ends)
      : log_(log), query_(std::move(query)), ends_(ends), waiter_(log.wait([this] { note(); })) {}
  ~Wait() override { log_.give_up(waiter_); }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  std::optional<cluster::Response> poll(cluster::Instant now) override {
    if (std::exchange(changed_, false)) found_ = counted(log_, query_.filter);
    if (found_ >= query_.count) return listed(log_, query_.filter);
    if (now < ends_) return std::nullopt;
    cluster::Failure late{504,
                          "Timeout",
                          fmt::format("after {} the log holds {} of {} such requests",
                                      scenario::to_text(query_.timeout), found_, query_.count),
                          std::nullopt,
                          {}};
    cluster::Response response = cluster::failure_response(late);
    response.delay = {};
    return response;
  }
  cluster::Instant deadline() const override { return ends_; }
  void on_ready(std::function<void()> ready) override { ready_ = std::move(ready); }

 private:
  // However much changes, it is counted again once, when the one who waits has its turn.
  void note() {
    if (!std::exchange(changed_, true) && ready_) ready_();
  }

  RequestLog& log_;
  RequestQuery query_;
  cluster::Instant ends_;
  bool changed_ = true;
  std::uint64_t found_ = 0;
  std::function<void()> ready_;
  RequestLog::Waiter waiter_;
};

}  // namespace

bool RequestFilter::fits(const RequestEntry& entry) const {
  if (entry.seq <= since || (open && entry.open != *open)) return false;
  if (connection && entry.connection != *connection) return false;
  if (status && entry.status != *status) return false;
  if (!fault.empty() && entry.fault != fault) return false;
  if (!entry.user_agent.starts_with(user_agent)) return false;
  const cluster::Attributes& a = entry.attributes();
  const auto same = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  if (!same(verb, a.verb) || !same(resource, a.resource) || !same(group, a.group) ||
      !same(namespace_name, a.namespace_name) || !same(name, a.name)) {
    return false;
  }
  return version == 0 || cluster::parse_decimal(entry.resource_version()).value_or(0) >= version;
}

std::variant<RequestQuery, std::string> parse_request_query(const cluster::Uri& uri) {
  RequestQuery query;
  query.timeout = wait_default;
  for (const auto& parameter : uri.query) {
    const std::string& key = parameter.first;
    const auto row = std::find_if(parameters().begin(), parameters().end(),
                                  [&key](const Parameter& one) { return one.name == key; });
    if (row == parameters().end())
      return scenario::unknown_word("parameter", key, request_query_keys());
    if (!row->read(parameter.second, query)) {
      return fmt::format("{}: {} is not {}", key, cluster::in_quotes(parameter.second), row->form);
    }
  }
  return query;
}

std::vector<std::string_view> request_query_keys() {
  std::vector<std::string_view> keys;
  for (const Parameter& one : parameters()) keys.push_back(one.name);
  return keys;
}

Exchange answer_query(cluster::Instant now, RequestLog& log, RequestQuery query) {
  if (query.count == 0) return Exchange(now, listed(log, query.filter));
  const cluster::Instant ends = now + query.timeout;
  return Exchange(std::make_unique<Wait>(log, std::move(query), ends));
}

}  // namespace fakeapi::wire

#include "fakeapi/run/control/answers.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::run {
namespace {

// The largest fault has a few hundred bytes, and an object of Kubernetes less than etcd takes.
constexpr std::size_t body_bytes_max = 1536U << 10U;

}  // namespace

wire::Exchange answered(cluster::Instant now, int status, const nlohmann::ordered_json& value) {
  using Handler = nlohmann::ordered_json::error_handler_t;
  return wire::Exchange(now, cluster::json_response(
                                 status, std::make_shared<const std::string>(
                                             value.dump(-1, ' ', false, Handler::replace) + "\n")));
}

wire::Exchange refused(cluster::Instant now, int code, const char* reason, std::string message) {
  return wire::Exchange(now, cluster::failure_response({code, reason, std::move(message), {}, {}}));
}

wire::Exchange bad_request(cluster::Instant now, std::string message) {
  return refused(now, 400, "BadRequest", std::move(message));
}

std::optional<std::string> too_large(const cluster::Request& request) {
  if (request.body.size() <= body_bytes_max) return std::nullopt;
  return fmt::format("the body has more than {} bytes", body_bytes_max);
}

Body::Body(const cluster::Request& request, const scenario::Mapping& mapping) {
  error = too_large(request);
  if (error) return;
  report_.emplace("");
  root_ = scenario::parse_yaml(request.body.empty() ? "{}" : request.body, *report_);
  if (report_->empty()) checked_.emplace(root_, mapping, *report_);
  if (report_->empty()) return;
  error = scenario::to_line(report_->take().front());
}

std::optional<std::string> Body::text(std::string_view key) const {
  const scenario::Node* found = checked_ ? checked_->find(root_, key) : nullptr;
  return found == nullptr ? std::nullopt : std::optional(found->text);
}

const scenario::Mapping& version_mapping() {
  using namespace scenario;
  static const Mapping table{
      "the body", {{"version", scalar(Form::text), false, "a resourceVersion; the newest"}}};
  return table;
}

const scenario::Mapping& disconnect_mapping() {
  using namespace scenario;
  static const Choices ways{{"reset", "with RST"}, {"close", "in order"}};
  static const Mapping table{
      "the body",
      {{"user-agent", scalar(Form::name_pattern), false, "how it begins; all connections"},
       {"how", choice(ways), false, "reset unless given"}}};
  return table;
}

const scenario::Mapping& seek_mapping() {
  using namespace scenario;
  static const Mapping table{"the body",
                             {{"to", scalar(Form::duration), true, "on the scenario's clock"}}};
  return table;
}

const scenario::Mapping& speed_mapping() {
  using namespace scenario;
  static const Mapping table{"the body",
                             {{"speed", scalar(Form::text), true, "seconds in one second"}}};
  return table;
}

const scenario::Mapping& event_mapping() {
  using namespace scenario;
  static const Mapping table{"an event",
                             {{"lane", scalar(Form::text), true, "subject/NAME, or another"},
                              {"what", scalar(Form::text), true, ""},
                              {"why", scalar(Form::text_or_none), false, ""}}};
  return table;
}

}  // namespace fakeapi::run

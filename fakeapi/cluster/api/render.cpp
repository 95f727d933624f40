// The plain form is the hot path: one shared text for all readers. Everything else is made anew for
// each answer.
#include "fakeapi/cluster/api/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using Form = Representation::Form;

// responsewriters/writers.go, defaultGzipThresholdBytes.
constexpr std::size_t gzip_bytes_min = 128 * 1024;

Bytes bytes_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

Response written(const Call& call, int status, const json& value) {
  const Representation& form = call.representation;
  if (form.form == Form::yaml || form.yaml) {
    Response response = json_response(status, bytes_of(yaml_text(value)));
    response.headers.back().second = "application/yaml";
    return response;
  }
  std::string text = form.pretty ? pretty_text(value) : wire_text(value);
  return json_response(status, bytes_of(std::move(text) + "\n"));
}

columns::TableOptions table_options(const Call& call) {
  columns::TableOptions options;
  options.version = call.representation.version;
  const auto include = columns::read_include_object(call.uri->parameter("includeObject"));
  if (include) options.include = *include;
  return options;
}

std::string plain_list(const Call& call, const columns::ListMeta& meta,
                       const std::vector<ObjectPtr>& items) {
  std::string text = fmt::format(
      "{{\"kind\":\"{}\",\"apiVersion\":\"{}\",\"metadata\":{{\"resourceVersion\":\"{}\"",
      call.kind->list_kind, call.kind->api_version(), meta.resource_version);
  if (!meta.continue_token.empty())
    text += fmt::format(",\"continue\":\"{}\"", meta.continue_token);
  if (meta.remaining_item_count)
    text += fmt::format(",\"remainingItemCount\":{}", *meta.remaining_item_count);
  text += "},\"items\":[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ',';
    text += items[i]->item();
  }
  return text += "]}\n";
}

std::vector<const json*> values_of(const std::vector<ObjectPtr>& items) {
  std::vector<const json*> values;
  values.reserve(items.size());
  for (const ObjectPtr& item : items) values.push_back(&item->json());
  return values;
}

class TableView final : public EventView {
 public:
  explicit TableView(const Call& call)
      : custom_(call.kind->custom), version_(call.representation.version), tables_(call.kind->printer(), options(call)) {}

  json show(const json& object, WallTime now) override { return tables_.next(object, now); }

 private:
  // The call is gone when the stream speaks.
  columns::TableOptions options(const Call& call) const {
    columns::TableOptions options = table_options(call);
    options.version = version_;
    return options;
  }

  std::shared_ptr<CustomKind> custom_;  // its printer lives as long as the watch
  std::string version_;
  columns::TableSequence tables_;
};

class PartialView final : public EventView {
 public:
  explicit PartialView(const Call& call) : version_(call.representation.version) {}
  json show(const json& object, WallTime) override {
    return columns::partial_metadata(object, version_);
  }

 private:
  std::string version_;
};

}  // namespace

Response value_response(const Call& call, int status, const json& value) {
  return written(call, status, value);
}

Response object_response(const Call& call, int status, const Object& object) {
  const Representation& form = call.representation;
  switch (form.form) {
    case Form::table:
      return written(call, status,
                     columns::table_of(call.kind->printer(), object.json(), table_options(call),
                                       call.wall_now));
    case Form::partial_metadata:
      return written(call, status, columns::partial_metadata(object.json(), form.version));
    default:
      break;
  }
  if (form.form == Form::json && !form.pretty) return json_response(status, object.body());
  return written(call, status, object.json());
}

Response list_response(const Call& call, const columns::ListMeta& meta,
                       const std::vector<ObjectPtr>& items) {
  const Representation& form = call.representation;
  if (form.form == Form::table) {
    return written(call, 200,
                   columns::table_of_list(call.kind->printer(), values_of(items), meta,
                                          table_options(call), call.wall_now));
  }
  if (form.form == Form::partial_metadata_list) {
    return written(call, 200, columns::partial_metadata_list(values_of(items), meta, form.version));
  }
  std::string text = plain_list(call, meta, items);
  if (form.form == Form::json && !form.pretty) return json_response(200, bytes_of(std::move(text)));
  return written(call, 200, json::parse(text));
}

std::optional<Failure> check_representation(const Call& call, bool is_list) {
  switch (call.representation.form) {
    case Form::table:
      if (const auto include = columns::read_include_object(call.uri->parameter("includeObject"));
          !include)
        return include.failure();
      return std::nullopt;
    case Form::partial_metadata:
      if (is_list) return columns::no_partial_metadata_of_list(call.kind->group, call.kind->kind);
      return std::nullopt;
    case Form::partial_metadata_list:
      if (!is_list)
        return columns::no_partial_metadata_list_of_object(call.kind->group, call.kind->kind);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::unique_ptr<EventView> event_view(const Call& call) {
  if (call.representation.form == Form::table) return std::make_unique<TableView>(call);
  if (call.representation.form == Form::partial_metadata)
    return std::make_unique<PartialView>(call);
  return nullptr;
}

void compress(const Headers& request, Response& response) {
  if (!response.body || response.body->size() <= gzip_bytes_min || response.status != 200 ||
      !takes_gzip(request))
    return;
  response.body = bytes_of(schema::gzip(*response.body));
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace fakeapi::cluster

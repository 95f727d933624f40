// Events. One object is served as v1 and as events.k8s.io/v1 with other names for the same fields;
// both print alike (printers.go printEvent prints the internal type).
#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// The field under its name in v1, else under that in events.k8s.io/v1.
const json* field(const json& event, const char* core, const char* events) {
  const json* found = find_at(event, {core});
  return found != nullptr ? found : find_at(event, {events});
}

std::string text_field(const json& event, const char* core, const char* events) {
  const json* found = field(event, core, events);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::string part(const json* parent, const char* key) {
  return parent != nullptr ? string_at(*parent, {key}) : std::string();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

std::string trimmed(std::string text) {
  constexpr const char* space = " \t\n\v\f\r";
  text.erase(text.find_last_not_of(space) + 1);
  text.erase(0, text.find_first_not_of(space));
  return text;
}

std::string involved_object(const json* reference) {
  const std::string kind = lower(part(reference, "kind"));
  const std::string name = part(reference, "name");
  return name.empty() ? kind : kind + "/" + name;
}

std::string source_text(const json& event) {
  const json* source = field(event, "source", "deprecatedSource");
  const std::string component = or_else(
      part(source, "component"), text_field(event, "reportingComponent", "reportingController"));
  const std::string host = or_else(part(source, "host"), string_at(event, {"reportingInstance"}));
  return host.empty() ? component : component + ", " + host;
}

struct Seen {
  std::string first, last;
  std::int64_t count = 1;  // an event of the new API that stands alone counts itself
};

Seen seen(const json& event, WallTime now) {
  Seen out;
  const json* first = field(event, "firstTimestamp", "deprecatedFirstTimestamp");
  out.first = age_of(time_of(first) ? first : find_at(event, {"eventTime"}), now);
  const json* last = field(event, "lastTimestamp", "deprecatedLastTimestamp");
  out.last = time_of(last) ? age_of(last, now) : out.first;
  if (present(event, {"series"})) {
    out.last = age_of(find_at(event, {"series", "lastObservedTime"}), now);
    out.count = integer_at(event, {"series", "count"});
    return out;
  }
  const auto count = std::max(integer_at(event, {"count"}), integer_at(event, {"deprecatedCount"}));
  if (count != 0) out.count = count;
  return out;
}

json event_cells(const json& event, WallTime now) {
  const json* reference = field(event, "involvedObject", "regarding");
  const Seen times = seen(event, now);
  return {times.last,
          string_at(event, {"type"}),
          string_at(event, {"reason"}),
          involved_object(reference),
          part(reference, "fieldPath"),
          source_text(event),
          trimmed(text_field(event, "message", "note")),
          times.first,
          times.count,
          name_of(event)};
}

}  // namespace

const Printer& events() {
  static const Printer printer{{{"Last Seen", "string", "", 0, "Time since it last happened."},
                                {"Type", "string", "", 0, "Normal or Warning."},
                                {"Reason", "string", "", 0, "Why, in one word."},
                                {"Object", "string", "", 0, "What it is about."},
                                {"Subobject", "string", "", 1, "Which part of that."},
                                {"Source", "string", "", 1, "Who reports it."},
                                {"Message", "string", "", 0, "What happened."},
                                {"First Seen", "string", "", 1, "Time since it first happened."},
                                {"Count", "string", "", 1, "How often it happened."},
                                {"Name", "string", "name", 1, "Unique among objects of its kind."}},
                               event_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns

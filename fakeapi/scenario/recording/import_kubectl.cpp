// The output of `kubectl get -w -o json --output-watch-events`.
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/cluster/wall_time.hpp"
#include "fakeapi/scenario/recording/import.hpp"

namespace fakeapi::scenario::recording {
namespace {

using cluster::WallTime;
using nlohmann::json;

// A watch shows its list for a moment before anything changes; how long it did is not recorded.
constexpr auto before_first_change = std::chrono::seconds(1);

// A year 9999 is a mistake of an object, and does not fit into nanoseconds.
constexpr auto length_max = std::chrono::hours(24 * 366);

std::optional<WallTime> time_at(const json& object, std::initializer_list<const char*> path) {
  return cluster::parse_rfc3339(text_at(object, path));
}

// metadata.deletionTimestamp is when the grace period ends (API conventions, metadata).
std::optional<WallTime> deletion_time(const json& object) {
  const auto end = time_at(object, {"metadata", "deletionTimestamp"});
  const json& grace = value_at(object, {"metadata", "deletionGracePeriodSeconds"});
  // A week is longer than any grace period.
  const bool usable = grace.is_number_integer() && grace >= 0 && grace <= 604800;
  if (!end || !usable) return end;
  return *end - std::chrono::seconds(grace.get<std::int64_t>());
}

/// The newest time that an object carries.
std::optional<WallTime> newest_time(const json& object) {
  std::optional<WallTime> newest;
  const auto offer = [&](const std::optional<WallTime>& time) {
    if (time && (!newest || *time > *newest)) newest = time;
  };
  offer(time_at(object, {"metadata", "creationTimestamp"}));
  offer(deletion_time(object));
  // When the Pod changed that made an Endpoints object or a slice change.
  offer(time_at(object,
                {"metadata", "annotations", "endpoints.kubernetes.io/last-change-trigger-time"}));
  const json& managers = value_at(object, {"metadata", "managedFields"});
  for (const json& one : managers.is_array() ? managers : json::array())
    offer(time_at(one, {"time"}));
  const json& conditions = value_at(object, {"status", "conditions"});
  for (const json& one : conditions.is_array() ? conditions : json::array())
    offer(time_at(one, {"lastTransitionTime"}));
  return newest;
}

struct Timed {
  WallTime time{};            // of its kind's watch, made monotonic
  std::uint64_t version = 0;  // its resourceVersion; 0: none that is a number
  bool gone = false;
  json object;
};

/// What one watch of one kind told, in its order.
class OneKind {
 public:
  void tell(const std::string& type, json object) {
    // The list at the start comes in the order of names; what breaks it is new.
    const std::string key =
        text_at(object, {"metadata", "namespace"}) + "/" + text_at(object, {"metadata", "name"});
    if (changes_.empty() && type == "ADDED" && (initial_.empty() || key > last_key_)) {
      initial_.push_back(std::move(object));
      last_key_ = key;
      return;
    }
    time_ = std::max(time_, newest_time(object).value_or(time_));
    const auto version =
        cluster::parse_decimal(text_at(object, {"metadata", "resourceVersion"})).value_or(0);
    changes_.push_back({time_, version, type == "DELETED", std::move(object)});
  }
  std::vector<json>& initial() { return initial_; }
  std::vector<Timed>& changes() { return changes_; }

 private:
  std::vector<json> initial_;
  std::vector<Timed> changes_;
  std::string last_key_;
  WallTime time_{};
};

/// Versions are revisions of one etcd, and so tell the order also between kinds, where times are to
/// a second or missing.
void put_in_order(std::vector<Timed>& changes) {
  const bool numbered =
      std::all_of(changes.begin(), changes.end(), [](const Timed& one) { return one.version > 0; });
  std::stable_sort(changes.begin(), changes.end(), [&](const Timed& a, const Timed& b) {
    return numbered ? a.version < b.version : a.time < b.time;
  });
  WallTime time{};
  for (Timed& one : changes) time = one.time = std::max(time, one.time);
}

class Reader {
 public:
  std::optional<ImportError> read(const Input& input, std::size_t number) {
    std::istringstream stream(input.text);
    while (stream >> std::ws && !stream.eof()) {
      const auto start = static_cast<std::size_t>(stream.tellg());
      json event;
      try {
        stream >> event;
      } catch (const json::exception&) {
        if (stream.eof()) {  // it was ended while it wrote
          cut_ = true;
          return std::nullopt;
        }
        return wrong(input, start, "what begins here is not JSON");
      }
      if (auto error = take(input, start, number, event)) return error;
    }
    return std::nullopt;
  }

  Recording recording() {
    Recording made;
    std::vector<Timed> changes;
    for (auto& [key, kind] : kinds_) {
      std::move(kind.initial().begin(), kind.initial().end(), std::back_inserter(made.initial));
      std::move(kind.changes().begin(), kind.changes().end(), std::back_inserter(changes));
    }
    put_in_order(changes);
    const auto known = std::find_if(changes.begin(), changes.end(),
                                    [](const Timed& one) { return one.time > WallTime{}; });
    const WallTime start =
        (known == changes.end() ? WallTime{} : known->time) - before_first_change;
    for (Timed& one : changes) {
      const auto at =
          std::clamp<std::chrono::microseconds>(one.time - start, before_first_change, length_max);
      made.changes.push_back({at, one.gone, std::move(one.object)});
    }
    if (known != changes.end()) made.made_at = cluster::rfc3339(start);
    made.source = "the output of kubectl get -w";
    made.notes.push_back(
        "Its events had no times: these are the newest times in the objects, to a second mostly, "
        "made monotonic in the order of the resourceVersions.");
    made.notes.push_back("The first change is at 1s: how long nothing had changed is not known.");
    if (cut_) made.notes.push_back("An event that was cut off at the end is left out.");
    return made;
  }

 private:
  static ImportError wrong(const Input& input, std::size_t offset, const std::string& what) {
    const auto end = input.text.begin() + static_cast<std::ptrdiff_t>(offset);
    const auto line = std::count(input.text.begin(), end, '\n') + 1;
    return {fmt::format("{}:{}: {}", input.name, line, what)};
  }

  std::optional<ImportError> take(const Input& input, std::size_t start, std::size_t number,
                                  json& event) {
    const std::string type = text_at(event, {"type"});
    if (type.empty() || !event.contains("object")) {
      return wrong(input, start,
                   "no watch event with \"type\" and \"object\"; is it the output of kubectl get "
                   "-w -o json --output-watch-events?");
    }
    if (type != "ADDED" && type != "MODIFIED" && type != "DELETED") return std::nullopt;
    json& object = event["object"];
    if (!is_recorded(object)) return std::nullopt;
    kinds_[{number, text_at(object, {"kind"})}].tell(type, std::move(object));
    return std::nullopt;
  }

  std::map<std::pair<std::size_t, std::string>, OneKind> kinds_;  // by input and kind
  bool cut_ = false;
};

}  // namespace

std::variant<Recording, ImportError> import_kubectl(const std::vector<Input>& inputs) {
  Reader reader;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (auto error = reader.read(inputs[i], i)) return std::move(*error);
  }
  return reader.recording();
}

}  // namespace fakeapi::scenario::recording

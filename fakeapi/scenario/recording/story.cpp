#include "fakeapi/scenario/recording/story.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "fakeapi/scenario/recording/reduce.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// Services first, so that an Endpoints object without one is never seen.
constexpr std::array<const char*, 4> kinds = {"Service", "Pod", "Endpoints", "EndpointSlice"};

constexpr std::int64_t grace_default_s = 30;  // of a Pod that does not say (core/v1/defaults.go)

std::chrono::seconds grace_of(const json& pod) {
  const json& given = value_at(pod, {"metadata", "deletionGracePeriodSeconds"});
  const bool usable = given.is_number_integer() && given.get<std::int64_t>() >= 0;
  return std::chrono::seconds(usable ? given.get<std::int64_t>() : grace_default_s);
}

bool is_terminating(const json& object) {
  return text_at(object, {"kind"}) == "Pod" &&
         !text_at(object, {"metadata", "deletionTimestamp"}).empty();
}

class Teller {
 public:
  explicit Teller(Story& story) : story_(story) {}

  void start(const json& object) {
    if (!is_recorded(object)) return;
    known_[identity_of(object)] = {reduced(object), is_terminating(object)};
    if (is_terminating(object)) terminating_.push_back(object);
  }

  void begin() {
    for (const char* kind : kinds) {
      for (const auto& [identity, one] : known_) {
        if (identity.kind == kind) story_.initial.push_back(one.small);
      }
    }
    for (const json& pod : terminating_) terminate(pod, reduced(pod));
    terminating_.clear();
  }

  void go_on(const Seen& seen) {
    if (!is_recorded(seen.object)) return;
    now_ = std::max(now_, std::chrono::round<milliseconds>(seen.at));
    if (seen.gone) {
      lose(seen.object);
    } else {
      show(seen.object);
    }
  }

  milliseconds now() const { return now_; }

 private:
  struct Known {
    json small;
    bool terminating = false;
  };

  void lose(const json& object) {
    const auto found = known_.find(identity_of(object));
    if (found == known_.end()) return;
    const json& small = found->second.small;
    add({now_,
         Change::What::gone,
         {},
         {{"apiVersion", small["apiVersion"]},
          {"kind", small["kind"]},
          {"metadata", small["metadata"]}},
         {}});
    known_.erase(found);
  }

  void show(const json& object) {
    json small = reduced(object);
    const bool terminating = is_terminating(object);
    const auto [found, is_new] = known_.try_emplace(identity_of(object));
    Known& known = found->second;
    // Of a Pod that was there the deletion comes first: what else changed, kubelet did to end it.
    const bool ends_now = terminating && !known.terminating;
    if (ends_now && !is_new) terminate(object, small);
    if (known.small != small) add({now_, Change::What::apply, {}, small, known.small});
    if (ends_now && is_new) terminate(object, small);
    known = {std::move(small), terminating};
  }

  void terminate(const json& pod, const json& small) {
    if (grace_of(pod).count() == 0) return;  // it is gone next
    add({now_, Change::What::terminate, grace_of(pod), small, {}});
  }

  void add(Change change) { story_.changes.push_back(std::move(change)); }

  Story& story_;
  std::map<Identity, Known> known_;
  std::vector<json> terminating_;
  milliseconds now_{};
};

}  // namespace

Story story_of(const Recording& recording) {
  Story story;
  story.namespace_name = recording.namespace_name;
  Teller teller(story);
  for (const json& object : recording.initial) teller.start(object);
  teller.begin();
  for (const Seen& seen : recording.changes) teller.go_on(seen);
  story.length = std::max(teller.now(), std::chrono::round<milliseconds>(recording.length));
  return story;
}

}  // namespace fakeapi::scenario::recording

// An applied configuration over a live object (structured-merge-diff typed/merge.go).
#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

std::optional<json> merged(const Shape& shape, const json* live, const json* config);

bool has_content(const json* value) { return value != nullptr && !value->empty(); }

std::optional<json> merged_maps(const Shape& shape, const json& live, const json& config) {
  const json* l = live.is_object() ? &live : nullptr;
  const json* r = config.is_object() ? &config : nullptr;
  if (shape.atomic_map() || (!has_content(l) && !has_content(r))) return config;
  json out = l != nullptr ? live : json::object();
  if (r != nullptr) {
    for (auto it = config.begin(); it != config.end(); ++it) {
      const auto known = out.find(it.key());
      const std::optional<Shape> member = shape.member(it.key());
      if (known == out.end() || !member) {
        out[it.key()] = *it;
      } else if (auto value = merged(*member, &*known, &*it)) {
        *known = std::move(*value);
      } else {
        out.erase(known);
      }
    }
  }
  if (out.empty()) return std::nullopt;
  return out;
}

// The items of a list by their elements, in order.
struct Indexed {
  std::vector<PathElement> order;
  std::map<PathElement, const json*> items;  // nullptr for one that is there more than once

  Indexed(const Shape& shape, const json* list) {
    if (list == nullptr) return;
    for (const json& item : *list) {
      auto element = element_of_item(shape, item).element;
      if (!element) continue;
      const auto [it, is_new] = items.emplace(*element, &item);
      if (!is_new) it->second = nullptr;
      order.push_back(std::move(*element));
    }
  }
  bool has(const PathElement& element) const { return items.count(element) != 0; }
  const json* get(const PathElement& element) const {
    const auto it = items.find(element);
    return it == items.end() ? nullptr : it->second;
  }
};

// Walks both lists so that config's items come in config's order, and live's stay between their
// neighbours where that is possible.
class ListMerger {
 public:
  ListMerger(const Shape& shape, const json* live, const json* config)
      : item_shape_(*shape.element()),
        live_list_(live),
        live_(shape, live),
        config_(shape, config) {
    for (const PathElement& element : config_.order) {
      if (live_.has(element)) shared_.push_back(&element);
    }
  }

  json run() {
    while (l_ < live_.order.size() || r_ < config_.order.size()) {
      if (l_ < live_.order.size() && r_ < config_.order.size() && step_both()) continue;
      if (l_ < live_.order.size() && step_live()) continue;
      if (r_ < config_.order.size()) take_config();
    }
    return std::move(out_);
  }

 private:
  const PathElement* next_shared() const {
    return next_ < shared_.size() ? shared_[next_] : nullptr;
  }

  bool step_both() {
    const PathElement& element = live_.order[l_];
    if (element == config_.order[r_]) {
      put(live_.get(element), config_.get(element));
      merged_.insert({element, true});
      ++l_;
      ++r_;
      ++next_;
      return true;
    }
    if (config_.has(element) && next_shared() != nullptr && !(*next_shared() == element)) {
      ++l_;  // shared, but not the one whose turn it is
      return true;
    }
    return false;
  }

  bool step_live() {
    const PathElement& element = live_.order[l_];
    if (!config_.has(element)) {
      put(&(*live_list_)[l_], nullptr);
      ++l_;
      return true;
    }
    if (merged_.count(element) != 0) ++l_;  // taken already
    return false;
  }

  void take_config() {
    const PathElement& element = config_.order[r_];
    put(live_.get(element), config_.get(element));
    merged_.insert({element, true});
    ++r_;
    if (next_shared() != nullptr && *next_shared() == element) ++next_;
  }

  void put(const json* live, const json* config) {
    if (auto value = merged(item_shape_, live, config)) out_.push_back(std::move(*value));
  }

  Shape item_shape_;
  const json* live_list_;
  Indexed live_, config_;
  std::vector<const PathElement*> shared_;
  std::size_t l_ = 0, r_ = 0, next_ = 0;
  std::map<PathElement, bool> merged_;
  json out_ = json::array();
};

std::optional<json> merged_lists(const Shape& shape, const json& live, const json& config) {
  const json* l = live.is_array() ? &live : nullptr;
  const json* r = config.is_array() ? &config : nullptr;
  if (!shape.associative() || (!has_content(l) && !has_content(r))) return config;
  json out = ListMerger(shape, l, r).run();
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<json> merged(const Shape& shape, const json* live, const json* config) {
  if (live == nullptr || config == nullptr) {
    const json* only = live != nullptr ? live : config;
    if (only == nullptr) return std::nullopt;
    return *only;
  }
  const unsigned forms = shape.forms_for(config);
  if ((forms & Shape::map) != 0) return merged_maps(shape, *live, *config);
  if ((forms & Shape::scalar) != 0) return *config;
  return merged_lists(shape, *live, *config);
}

}  // namespace

json merge(const Shape& shape, const json& live, const json& config) {
  return merged(shape, &live, &config).value_or(json());
}

}  // namespace fakeapi::cluster::fields

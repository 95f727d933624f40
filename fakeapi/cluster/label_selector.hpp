// labelSelector: the query language of labels, with the texts of its errors (apimachinery
// pkg/labels/selector.go).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster {

struct LabelRequirement {
  enum class Operator { in, not_in, exists, does_not_exist, greater_than, less_than };
  std::string key;
  Operator op = Operator::exists;
  std::vector<std::string> values;

  bool matches(const nlohmann::json& object) const;
};

class LabelSelector {
 public:
  /// An empty text selects everything. Errors are 400.
  static Result<LabelSelector> parse(std::string_view text);
  /// Every entry of a map of labels must be there: a Service's spec.selector. An empty map selects
  /// everything.
  static LabelSelector from_map(const nlohmann::json& labels);

  bool empty() const { return requirements_.empty(); }
  bool matches(const nlohmann::json& object) const;

 private:
  std::vector<LabelRequirement> requirements_;
};

}  // namespace fakeapi::cluster

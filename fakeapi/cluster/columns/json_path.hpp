// Paths into JSON as CustomResourceDefinitions write them for their columns: the language of
// client-go util/jsonpath between its braces. Not RFC 9535: quoted keys are not atoms (['a.b'] is
// .a.b, a dot inside a key is written a\.b), and [1] beyond the end of a list is an error.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::columns {

class JsonPath {
 public:
  /// ".spec.a", ".a[0]", ".a[-1:]", ".a[*].b", ".a['b']", ".a[0,2]", "..b", and filters:
  /// ".a[?(@.type==\"Ready\")].status". Nothing for a text that client-go refuses.
  static std::optional<JsonPath> parse(std::string_view path);

  struct Found {
    /// Into the document or, for literals, into the path.
    std::vector<const nlohmann::json*> values;
    /// Where client-go reports an error: an index out of bounds, a filter over what is no list, a
    /// comparison of a number with a text. A missing key is none.
    bool failed = false;
  };
  /// Keys of an object under a wildcard come in their order (Go's come in a random one). A wildcard
  /// finds nothing in a text (Go: its bytes).
  Found find(const nlohmann::json& document) const;

  struct Step;
  using Steps = std::vector<Step>;

 private:
  explicit JsonPath(std::shared_ptr<const Steps> steps) : steps_(std::move(steps)) {}

  std::shared_ptr<const Steps> steps_;
};

}  // namespace fakeapi::cluster::columns

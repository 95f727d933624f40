// The request target taken apart: path segments and query parameters, percent-decoded (RFC
// 3986 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fakeapi::cluster {

struct Uri {
  std::string path;  // decoded, without the query
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of a parameter; empty when it is missing.
  std::string_view parameter(std::string_view name) const;
  bool has(std::string_view name) const;
  /// Booleans as apimachinery reads them: everything but "0" and "false" is true, also an empty
  /// value; a missing parameter is nothing.
  std::optional<bool> flag(std::string_view name) const;
};

Uri parse_uri(std::string_view target);

}  // namespace fakeapi::cluster

// apiextensions-apiserver pkg/registry/customresource/tableconvertor: a cell is the first value
// that the path finds, as the column's type has it, and null where it has none.
#include "fakeapi/cluster/columns/custom.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/go_text.hpp"
#include "fakeapi/cluster/columns/json_path.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

struct PathColumn {
  std::string type;
  JsonPath path;
};

// Go's conversion cuts off decimals; what does not fit becomes the smallest integer (amd64).
std::int64_t cut(double value) {
  constexpr double limit = 9223372036854775808.0;  // 2^63
  return value >= -limit && value < limit ? static_cast<std::int64_t>(value)
                                          : std::numeric_limits<std::int64_t>::min();
}

// Integers that do not fit 64 bits with sign are decoded as numbers with a decimal point.
bool is_integer(const json& value) {
  return value.is_number_integer() &&
         (!value.is_number_unsigned() ||
          value.get<std::uint64_t>() <=
              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

json integer_cell(const json& value) {
  if (is_integer(value)) return value;
  return value.is_number() ? json(cut(value.get<double>())) : json();
}

// Each number becomes a float64, and a whole one is written without ".0" (encoding/json).
json number_cell(const json& value) {
  if (!value.is_number()) return nullptr;
  const double number = value.get<double>();
  constexpr double exact_max = 9007199254740992.0;  // 2^53
  if (std::fabs(number) <= exact_max && std::floor(number) == number) return cut(number);
  return number;
}

// metav1.Time.UnmarshalQueryParameter.
json date_cell(const json& value, WallTime now) {
  if (!value.is_string()) return nullptr;
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty() || text == "null") return "<unknown>";
  return parse_rfc3339(text) ? age_of(&value, now) : "<invalid>";
}

json cell(const std::string& type, const json& value, WallTime now) {
  if (type == "string") return go_text(value);
  if (type == "integer") return integer_cell(value);
  if (type == "number") return number_cell(value);
  if (type == "boolean") return value.is_boolean() ? value : json();
  if (type == "date") return date_cell(value, now);
  return nullptr;
}

json custom_cells(const std::vector<PathColumn>& columns, const json& object, WallTime now) {
  json out = json::array({name_of(object)});
  for (const PathColumn& column : columns) {
    const auto found = column.path.find(object);
    const bool nothing = found.failed || found.values.empty();
    out.push_back(nothing ? json() : cell(column.type, *found.values.front(), now));
  }
  return out;
}

Column column_of(const json& definition, const std::string& path) {
  return {string_at(definition, {"name"}), string_at(definition, {"type"}),
          string_at(definition, {"format"}), static_cast<int>(integer_at(definition, {"priority"})),
          or_else(string_at(definition, {"description"}),
                  "Custom resource definition column (in JSONPath format): " + path)};
}

const json& or_age(const json& columns) {
  static const json age = json::array({{{"name", "Age"},
                                        {"type", "date"},
                                        {"description", age_column().description},
                                        {"jsonPath", ".metadata.creationTimestamp"}}});
  return columns.is_array() && !columns.empty() ? columns : age;
}

}  // namespace

Printer custom_resources(const json& additional_printer_columns) {
  Printer printer;
  printer.columns = {name_column()};
  std::vector<PathColumn> paths;
  for (const json& definition : or_age(additional_printer_columns)) {
    const std::string path = string_at(definition, {"jsonPath"});
    auto parsed = JsonPath::parse(path);
    if (!parsed) break;
    printer.columns.push_back(column_of(definition, path));
    paths.push_back({printer.columns.back().type, std::move(*parsed)});
  }
  printer.cells = [paths = std::move(paths)](const json& object, WallTime now) {
    return custom_cells(paths, object, now);
  };
  return printer;
}

}  // namespace fakeapi::cluster::columns

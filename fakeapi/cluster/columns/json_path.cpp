// What the steps of a path find (client-go util/jsonpath/jsonpath.go, with AllowMissingKeys).
#include "fakeapi/cluster/columns/json_path.hpp"

#include <algorithm>
#include <optional>

#include "fakeapi/cluster/columns/json_path_steps.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using Step = JsonPath::Step;
using Steps = JsonPath::Steps;
using Found = JsonPath::Found;
using Values = std::vector<const json*>;

// A path with two descents can name a value once for each way to it; a column shows the first.
constexpr std::size_t values_max = 100'000;

// On an error client-go hands back what went into the step; a filter that asks only whether
// something exists takes that for something.
Found failure(const Values& input) { return {input, true}; }

Found run(const Steps& steps, Values values);

Found children(const Values& input) {
  Found out;
  for (const json* value : input) {
    if (!value->is_structured()) continue;
    for (const json& child : *value) out.values.push_back(&child);
  }
  return out;
}

// Every value with something in it, texts too, and then what is in it.
void descend(const json& value, Values& out) {
  if (out.size() >= values_max) return;
  if (value.is_string() ? value.get_ref<const std::string&>().empty()
                        : !value.is_structured() || value.empty())
    return;
  out.push_back(&value);
  if (!value.is_structured()) return;
  for (const json& child : value) descend(child, out);
}

Found find_in(const Step::Field& field, const Values& input) {
  Found out;
  for (const json* value : input) {
    if (!value->is_object()) continue;
    const auto it = value->find(field.key);
    if (it != value->end()) out.values.push_back(&*it);
  }
  return out;
}

Found find_in(const Step::Wildcard&, const Values& input) { return children(input); }

Found find_in(const Step::Descent&, const Values& input) {
  Found out;
  for (const json* value : input) descend(*value, out.values);
  return out;
}

Found find_in(const Step::Slice& slice, const Values& input) {
  Found out;
  for (const json* value : input) {
    if (value->is_null()) continue;
    if (!value->is_array()) return failure(input);
    const long length = static_cast<long>(value->size());
    long first = slice.first.value_or(0);
    if (first < 0) first += length;
    long end = slice.end.value_or(length);
    if (end < 0 || (end == 0 && slice.single)) end += length;
    if (first == end) return out;
    if (first < 0 || first >= length || end < 0 || end > length || first > end)
      return failure(input);
    const long stride = slice.stride.value_or(1);
    if (stride <= 0) return failure(input);
    for (long i = first; i < end; i += std::min(stride, length))
      out.values.push_back(&(*value)[static_cast<std::size_t>(i)]);
  }
  return out;
}

Found find_in(const Step::Union& alternatives, const Values& input) {
  Found out;
  for (const Steps& part : alternatives.parts) {
    const Found found = run(part, input);
    if (found.failed) return failure(input);
    out.values.insert(out.values.end(), found.values.begin(), found.values.end());
  }
  return out;
}

Found find_in(const Step::Literal& literal, const Values& input) {
  if (literal.value.is_string()) return {{&literal.value}, false};
  return {Values(input.size(), &literal.value), false};
}

Found find_in(const Step::Keyword&, const Values& input) { return failure(input); }

enum class Type { boolean, integer, real, text, none };

Type type_of(const json& value) {
  if (value.is_boolean()) return Type::boolean;
  if (value.is_number_integer()) return Type::integer;
  if (value.is_number_float()) return Type::real;
  return value.is_string() ? Type::text : Type::none;
}

// Nothing where Go refuses to compare: different types, lists and objects, an order of truth
// values.
std::optional<bool> compare(const json& left, const std::string& op, const json& right) {
  const Type type = type_of(left);
  if (type == Type::none || type != type_of(right)) return std::nullopt;
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
  if (type == Type::boolean) return std::nullopt;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == ">") return left > right;
  if (op == ">=") return left >= right;
  return std::nullopt;
}

// Whether one element of a list passes; nothing on an error.
std::optional<bool> passes(const Step::Filter& filter, const json& element) {
  const Found left = run(filter.left, {&element});
  if (filter.op.empty()) return !left.values.empty();
  if (left.failed || left.values.size() > 1) return std::nullopt;
  if (left.values.empty()) return false;
  const Found right = run(filter.right, {&element});
  if (right.failed || right.values.size() > 1) return std::nullopt;
  if (right.values.empty()) return false;
  return compare(*left.values.front(), filter.op, *right.values.front());
}

Found find_in(const Step::Filter& filter, const Values& input) {
  Found out;
  for (const json* value : input) {
    if (!value->is_array()) return failure(input);
    for (const json& element : *value) {
      const auto pass = passes(filter, element);
      if (!pass) return failure(input);
      if (*pass) out.values.push_back(&element);
    }
  }
  return out;
}

Found run(const Steps& steps, Values values) {
  for (const Step& step : steps) {
    Found found = std::visit([&](const auto& what) { return find_in(what, values); }, step.what);
    if (found.failed || found.values.size() > values_max) return {found.values, true};
    values = std::move(found.values);
  }
  return {std::move(values), false};
}

}  // namespace

Found JsonPath::find(const json& document) const { return run(*steps_, {&document}); }

}  // namespace fakeapi::cluster::columns

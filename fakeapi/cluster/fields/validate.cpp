// Does a value fit its type (structured-merge-diff typed/validate.go)? The texts reach clients: an
// applied configuration that does not fit is refused with them.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"
#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

struct Problem {
  std::string path, message;
};

class Validator {
 public:
  explicit Validator(Duplicates duplicates) : duplicates_(duplicates) {}

  void check(const Shape& shape, const json& value) {
    const unsigned forms = shape.forms_for(&value);
    if ((forms & Shape::map) != 0) {
      check_map(shape, value);
    } else if ((forms & Shape::scalar) != 0) {
      check_scalar(shape.scalar_kind(), value);
    } else {
      check_list(shape, value);
    }
  }

  std::string text() const {
    if (problems_.empty()) return {};
    if (problems_.size() == 1) return line(problems_.front());
    std::string out = "errors:";
    for (const Problem& one : problems_) out += "\n  " + line(one);
    return out;
  }

 private:
  static std::string line(const Problem& one) {
    return one.path.empty() ? one.message : one.path + ": " + one.message;
  }

  void report(std::string message) { problems_.push_back({{}, std::move(message)}); }

  // What was found below an element since `known` lies on its path.
  void put_before(std::size_t known, const PathElement& element) {
    for (std::size_t i = known; i < problems_.size(); ++i)
      problems_[i].path.insert(0, element.display());
  }

  void check_scalar(Shape::Scalar kind, const json& value) {
    if (value.is_null()) return;
    switch (kind) {
      case Shape::Scalar::numeric:
        if (!value.is_number())
          report(fmt::format("expected numeric (int or float), got {}", go_type(value)));
        break;
      case Shape::Scalar::string:
        if (!value.is_string()) {
          report(fmt::format("expected string, got &value.valueUnstructured{{Value:{}}}",
                             go_syntax(value)));
        }
        break;
      case Shape::Scalar::boolean:
        if (!value.is_boolean())
          report(fmt::format("expected boolean, got &{{{}}}", go_text(value)));
        break;
      case Shape::Scalar::untyped:
        if (value.is_structured())
          report(fmt::format("expected any scalar, got &{{{}}}", go_text(value)));
        break;
    }
  }

  void check_list(const Shape& shape, const json& value) {
    if (value.is_null()) return;
    if (!value.is_array()) return report(fmt::format("expected list, got &{{{}}}", go_text(value)));
    const bool associative = shape.associative();
    const std::optional<Shape> item_shape = shape.element();
    FieldSet seen;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const json& item = value[i];
      if (associative && !check_key(shape, i, item, seen)) return;
      const std::size_t known = problems_.size();
      check(*item_shape, item);
      if (problems_.size() == known) continue;
      put_before(known, associative ? *element_of_item(shape, item).element
                                    : PathElement::index(static_cast<std::int64_t>(i)));
    }
  }

  // Without an element not even what is below can be reported.
  bool check_key(const Shape& shape, std::size_t place, const json& item, FieldSet& seen) {
    if (std::string error = item_error(shape, item); !error.empty()) {
      report(fmt::format("element {}: {}", place, error));
      return false;
    }
    if (duplicates_ == Duplicates::allowed) return true;
    PathElement element = *element_of_item(shape, item).element;
    if (seen.find(element) != nullptr)
      report(fmt::format("duplicate entries for key {}", element.display()));
    seen.add(std::move(element), true, {});
    return true;
  }

  void check_map(const Shape& shape, const json& value) {
    if (value.is_null()) return;
    if (!value.is_object()) return report(fmt::format("expected map, got &{{{}}}", go_text(value)));
    for (const auto& [name, one] : value.items()) {
      const std::optional<Shape> member = shape.member(name);
      if (!member) {
        problems_.push_back({PathElement::field(name).display(), "field not declared in schema"});
        return;
      }
      const std::size_t known = problems_.size();
      check(*member, one);
      if (problems_.size() > known) put_before(known, PathElement::field(name));
    }
  }

  Duplicates duplicates_;
  std::vector<Problem> problems_;
};

}  // namespace

std::string mismatch(const Shape& shape, const json& value, Duplicates duplicates) {
  Validator validator(duplicates);
  validator.check(shape, value);
  return validator.text();
}

}  // namespace fakeapi::cluster::fields

// Random sets of fields for properties.
#pragma once

#include <memory>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fakeapi/cluster/fields/field_set.hpp"

namespace fakeapi::cluster::fields::testing {

inline PathElement random_element() {
  using nlohmann::json;
  const auto value = [](json v) { return std::make_shared<const json>(std::move(v)); };
  const auto scalar = [&] {
    return value(*rc::gen::element<json>("a", "b<", "", 80, 443, 1.5, true));
  };
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return PathElement::key({{"name", scalar()}});
    case 1:
      return PathElement::key({{"port", scalar()}, {"name", scalar()}});
    case 2:
      return PathElement::value(scalar());
    case 3:
      return PathElement::index(*rc::gen::inRange(0, 3));
    default:
      return PathElement::field(*rc::gen::element<std::string>("a", "b", "c\"", "d/e"));
  }
}

inline Path random_path() {
  Path path;
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) path.push_back(random_element());
  return path;
}

inline FieldSet random_set() {
  FieldSet set;
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) set.insert(random_path());
  return set;
}

}  // namespace fakeapi::cluster::fields::testing

// Single values: for each form one row that says how it is called, what it looks like and which
// texts it takes. Everything that must agree about a value's form reads this table.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::scenario {

struct FormRow {
  Form form;
  std::string_view words;     // of the reference page: "duration"
  std::string_view expected;  // of a message: "a duration such as 300ms, 2s or 1m30s"
  /// Whether a text has the form. Numbers and booleans have limits of their own and no function.
  bool (*takes)(std::string_view text);
  /// An ECMA 262 regular expression for the schema, never narrower than `takes`; "" for none.
  std::string_view pattern;
  /// A plain YAML number may be a text of this form: `nth: 3`, `says: 42`.
  bool may_be_number;
};

const FormRow& row_of(Form form);

}  // namespace fakeapi::scenario

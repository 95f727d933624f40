// The schema's patterns against the parser: what the parser takes, the pattern takes.
#include "fakeapi/scenario/language/forms.hpp"

#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

std::string one_of(const std::vector<std::string>& texts) { return *rc::gen::elementOf(texts); }

// Pieces of which texts of all forms are made, so that a mixture of them is often one.
const std::vector<std::string> pieces{
    "0",    "1",     "7",     "12",       "5s",       "300ms",      "1.5",    ".5",        "m",
    "h",    "us",    "µs",    "ns",       "s",        "..",         " .. ",   ".",         " ",
    "x",    "x9",    "x~",    "_",        "±",        " ± ",        "+-",     "+",         "-",
    "(",    ")",     ", ",    ",",        "uniform(", "lognormal(", "KiB",    "MiB",       "B",
    "/s",   "a",     "b-c",   "*",        "new",      "10.",        "10.20.", "10.20.0.1", "|",
    "list", "watch", " pods", "endpoint", "\n",       "%",          "é",      "true"};

std::string text_of_pieces() {
  std::string text;
  const int count = *rc::gen::inRange(1, 7);
  for (int i = 0; i < count; ++i) text += one_of(pieces);
  return text;
}

bool pattern_takes(const FormRow& row, const std::string& text) {
  return std::regex_search(text, std::regex(std::string(row.pattern), std::regex::ECMAScript));
}

const std::vector<Form> forms{
    Form::duration,     Form::moment,       Form::series,       Form::window,
    Form::nth,          Form::size,         Form::rate,         Form::label,
    Form::service_name, Form::port_name,    Form::pod_pattern,  Form::address,
    Form::object_name,  Form::name_pattern, Form::text_or_none, Form::requests_named};

RC_GTEST_PROP(Forms, ThePatternTakesWhatTheParserTakes, ()) {
  const std::string text = text_of_pieces();
  for (const Form form : forms) {
    const FormRow& row = row_of(form);
    if (!row.takes(text)) continue;
    RC_TAG(std::string(row.words));
    RC_LOG() << row.words << ": " << text;
    RC_ASSERT(pattern_takes(row, text));
  }
}

// A random mixture seldom is one of these.
TEST(Forms, ThePatternTakesTheExamplesOfMessagesAndPages) {
  const std::vector<std::pair<Form, std::vector<std::string>>> examples{
      {Form::duration, {"300ms", "2s", "1m30s", "0", "+5s", "1.s", ".5s", "-0", "1µs", "1μs"}},
      {Form::moment,
       {"2s", "700ms ± 200ms", "700ms±200ms", "700ms +- 200ms", "uniform(1s, 3s)",
        "uniform( 1s ,3s )", "lognormal(80ms, 0.4)", "lognormal(80ms,4e-1)", "0"}},
      {Form::series, {"3x9 0x19 1 2 3x~", " 1\t2 ", "_x3 0", "3"}},
      {Form::window, {"5s..15s", "5s..", "..15s", " 5s .. 15s ", "1s...5s2s", "0..1s"}},
      {Form::nth, {"3", "2..5", "2..", "..5", "2 .. 5"}},
      {Form::size, {"2KiB", "0B", "1MiB"}},
      {Form::rate, {"4KiB/s", "1B/s"}},
      {Form::label, {"a", "0", "my-shop", std::string(63, 'a')}},
      {Form::pod_pattern, {"mysql-0", "mysql-*", "*"}},
      {Form::address, {"new", "10.20.0.1", "10.20.255.254"}},
      {Form::requests_named,
       {"list endpointslices", "list|watch endpoints*", "watch", "get pods/status", "list *",
        "watch my_things.Example-2.io"}}};
  for (const auto& [form, texts] : examples) {
    for (const std::string& text : texts) {
      ASSERT_TRUE(row_of(form).takes(text)) << text;
      EXPECT_TRUE(pattern_takes(row_of(form), text)) << text;
    }
  }
}

TEST(Forms, ThePatternRefusesWhatIsFarFromTheForm) {
  EXPECT_FALSE(pattern_takes(row_of(Form::duration), "5"));
  EXPECT_FALSE(pattern_takes(row_of(Form::moment), "soon"));
  EXPECT_FALSE(pattern_takes(row_of(Form::moment), "5 s"));
  EXPECT_FALSE(pattern_takes(row_of(Form::window), "5..9"));
  EXPECT_FALSE(pattern_takes(row_of(Form::requests_named), "list all pods"));
}

}  // namespace
}  // namespace fakeapi::scenario

// The keys of expectations: what the program under test must do. Adding one: a row here, the line
// in expect/read.cpp, and the sentence and the check in expect/judge.cpp.
#include <utility>

#include "fakeapi/scenario/expect/lint.hpp"
#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::scenario {
namespace {

const Choices& exit_choices() {
  static const Choices choices{{"running", "it still runs when the scenario ends"},
                               {"any", "it ends, whatever its exit code"}};
  return choices;
}

const Choices& lint_choices() {
  static const Choices choices = [] {
    Choices out{{"all", "every rule"}};
    for (const LintRule& rule : lint_rules()) out.push_back({rule.name, rule.what});
    return out;
  }();
  return choices;
}

std::vector<Key> count_keys() {
  return {
      {"request", mapping(request_mapping, "which requests"), false,
       "which requests count; all unless given"},
      {"requests", number(0, 1'000'000), false, "in all"},
      {"requests-per-second", number(1, 1'000'000), false, "within any one second"},
      {"connections", number(0, 1'000'000), false, "connections in all"},
      {"watches", number(0, 1'000'000), false, "open at the same time"},
  };
}

}  // namespace

const Mapping& expect_mapping() {
  static const Mapping table{
      "expectations",
      {
          {"exit",
           either({number(0, 255), choice(exit_choices()),
                   list(number(0, 255), "list of exit codes")}),
           false, "its exit code, or that it still runs"},
          {"between", scalar(Form::window), false, "when it ends, on the scenario's clock"},
          {"truth",
           map(Form::service_name, "Service", number(1, 1000), "Service: number, 1 to 1000"), false,
           "it may end with 0 only while so many Pods of each really listen"},
          {"order", list(scalar(Form::requests_named), "list of requests"), false,
           "such requests come in this order; others may come between them"},
          {"at-most", one_or_list(mapping(at_most_mapping, "a limit")), false,
           "no more requests than these"},
          {"at-least", one_or_list(mapping(at_most_mapping, "a limit")), false,
           "no fewer requests than these"},
          {"no", one_or_list(choice(lint_choices())), false, "habits that hurt an API server"},
          {"says", one_or_list(scalar(Form::text)), false,
           "its standard output or error holds this text"},
      }};
  return table;
}

const Mapping& at_most_mapping() {
  static const Mapping table{"a limit", count_keys()};
  return table;
}

}  // namespace fakeapi::scenario

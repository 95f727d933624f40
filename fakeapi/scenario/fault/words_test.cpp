// The vocabulary and the page that shows it say the same.
#include "fakeapi/scenario/fault/words.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fakeapi::fault {
namespace {

template <class Value>
void expect_rows(const Words<Value>& words, Value last) {
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    const auto rows = std::count_if(words.begin(), words.end(), [&](const Word<Value>& row) {
      return static_cast<int>(row.value) == value;
    });
    EXPECT_EQ(rows, 1) << "enumerator " << value;
  }
  std::set<std::string_view> distinct;
  for (const Word<Value>& row : words) distinct.insert(row.word);
  EXPECT_EQ(distinct.size(), words.size());
}

TEST(FaultWords, EveryEnumeratorHasOneWord) {
  expect_rows(answer_forms(), AnswerForm::text);
  expect_rows(no_answers(), NoAnswer::reset);
  expect_rows(body_effects(), BodyEffect::shorten);
  expect_rows(stream_effects(), StreamEffect::drop);
}

// `none` is no fault and has no word.
TEST(FaultWords, EveryFaultOfConnectionsHasOneWord) {
  Words<ConnectFault> with_none = connect_faults();
  with_none.push_back({"", ConnectFault::none, Faithfulness::real, ""});
  expect_rows(with_none, ConnectFault::wrong_host);
}

std::string page() {
  std::ifstream file(PROJECT_SOURCE_DIR "/docs/control-api.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// docs/control-api.md is read by people, the tables by the program.
TEST(FaultWords, ThePageShowsEveryRow) {
  std::string table = "| key | value | faithfulness | what happens |\n|---|---|---|---|\n";
  for (const ActionRow& row : action_rows()) {
    table += fmt::format("| `{}` | `{}` | {} | {} |\n", row.key, row.word, to_string(row.faithful),
                         row.doc);
  }
  EXPECT_NE(page().find("\n\n" + table + "\n"), std::string::npos) << "the page should have:\n"
                                                                   << table;
}

}  // namespace
}  // namespace fakeapi::fault

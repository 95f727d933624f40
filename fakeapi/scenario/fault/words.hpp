// The vocabulary of faults: for each thing that can become of a request one row with its word, how
// faithful it is, and a line for readers. The JSON form, the reference page and the scenario
// language go by these tables, so that nothing can be said that is not described.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/fault/fault.hpp"
#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::fault {

template <class Value>
struct Word {
  std::string_view word;
  Value value;
  Faithfulness faithful;
  std::string_view doc;
};
template <class Value>
using Words = std::vector<Word<Value>>;

const Words<AnswerForm>& answer_forms();
const Words<NoAnswer>& no_answers();
const Words<BodyEffect>& body_effects();
const Words<StreamEffect>& stream_effects();
const Words<ConnectFault>& connect_faults();

inline constexpr Faithfulness latency_faithfulness = Faithfulness::real;
inline constexpr Faithfulness replica_faithfulness = Faithfulness::real;
inline constexpr Faithfulness bandwidth_faithfulness = Faithfulness::network;

/// The row of a value; each enumerator has one.
template <class Value>
const Word<Value>& row_of(const Words<Value>& words, Value value) {
  return *std::find_if(words.begin(), words.end(),
                       [&](const Word<Value>& row) { return row.value == value; });
}

/// nullptr when there is no such word.
template <class Value>
const Word<Value>* find_word(const Words<Value>& words, std::string_view word) {
  const auto row = std::find_if(words.begin(), words.end(),
                                [&](const Word<Value>& one) { return one.word == word; });
  return row == words.end() ? nullptr : &*row;
}

template <class Value>
std::vector<std::string_view> words_of(const Words<Value>& words) {
  std::vector<std::string_view> out;
  for (const Word<Value>& row : words) out.push_back(row.word);
  return out;
}

template <class Value>
scenario::Choices choices_of(const Words<Value>& words) {
  scenario::Choices out;
  for (const Word<Value>& row : words) out.push_back({row.word, row.doc});
  return out;
}

/// The verbs of requests, as authorisation has them.
const scenario::Choices& verbs();

/// "real", "real over HTTP/1.1", "network", "hostile".
std::string_view to_string(Faithfulness faithfulness);

/// One line of the reference page.
struct ActionRow {
  std::string_view key;
  std::string_view word;
  Faithfulness faithful;
  std::string_view doc;
};
std::vector<ActionRow> action_rows();

/// "status 503, latency 50ms": what a fault does, for people.
std::string in_words(const Action& action);

}  // namespace fakeapi::fault

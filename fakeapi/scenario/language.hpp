// The scenario language, version 1, as data: the one table of keys, and the words that values may
// be. The reader goes by it, so that a key cannot be read without being described, nor described
// without being read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

/// What a value looks like. The limits of numbers and the choices of words stand in the key's row.
enum class Form {
  integer,         // minimum to maximum
  sentence,        // a text of one line, not empty
  duration,        // Go's, not negative
  namespace_name,  // an RFC 1123 label
  choice,          // one of the row's choices
  boolean,         // true or false
  address,         // inside 10.20.0.0/16, or the word "new"
  ports,           // a mapping: port name -> number, minimum to maximum
  services,        // a mapping: Service name -> the row's mapping
  steps,           // a list of the row's mapping
  pod_states,      // a mapping: Pod name or prefix* -> one of the words, or the row's mapping
};

/// The form in words, for messages and reference pages.
std::string_view to_string(Form form);

struct Choice {
  std::string_view name;
  std::string_view doc;
};

struct Mapping;

struct Key {
  std::string_view name;
  Form form;
  bool required;
  std::string_view doc;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  const std::vector<Choice>* choices = nullptr;
  const Mapping* mapping = nullptr;
};

struct Mapping {
  std::string_view name;  // with its article: "a step"
  std::vector<Key> keys;
};

const Mapping& scenario_mapping();
const Mapping& service_mapping();
const Mapping& step_mapping();
const Mapping& pod_state_mapping();

/// What the API shows of a Pod.
enum class Shows { absent, pending, not_ready, ready, terminating };

/// The value of `shows`; nothing for a word that is none.
std::optional<Shows> parse_shows(std::string_view word);

/// A Pod state in one word: a pair of what the API shows and what listens, which is the truth.
struct PodWord {
  std::string_view name;
  Shows shows;
  std::optional<bool> listens;  // nothing: as before
  std::string_view doc;
};

const std::vector<PodWord>& pod_words();

/// Whether a Pod listens where a mapping has `shows` alone: as the word of that meaning does.
/// Nothing: as before.
std::optional<bool> listens_by_default(Shows shows);

}  // namespace fakeapi::scenario

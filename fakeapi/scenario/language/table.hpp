// The scenario language, version 1, as data: the one table of keys, and what each value looks like.
// The parser, the JSON Schema and the reference page all go by it, so that a key cannot be read
// without being described, nor described without being read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

/// What a single value looks like. forms.cpp has a row for each.
enum class Form {
  integer,         // minimum to maximum of the type
  share,           // a number from the type's minimum (excluded when 0) to 1
  boolean,         // true or false
  sentence,        // a text of one line, not empty
  text,            // any text that is not empty
  file,            // a path, relative to the scenario's own folder
  duration,        // Go's, not negative
  moment,          // a duration that may be drawn: 10s ± 1s
  series,          // 3x9 0x19 1 2 3x~
  window,          // 5s..15s
  nth,             // 3, 2..5, 2..
  size,            // 2KiB
  rate,            // 4KiB/s
  label,           // an RFC 1123 label: a namespace's name, a fault's
  service_name,    // an RFC 1035 label
  port_name,       // an IANA service name
  pod_pattern,     // a Pod's name, or a prefix and '*'
  name_pattern,    // a text, or a beginning and '*'
  text_or_none,    // a text that may be empty
  object_name,     // an RFC 1123 subdomain
  address,         // inside 10.20.0.0/16, or the word "new"
  requests_named,  // "list endpointslices", "list|watch endpoints*", "watch"
};

struct Choice {
  std::string_view name;
  std::string_view doc;
};
using Choices = std::vector<Choice>;

struct Mapping;

/// What a value looks like.
struct Type {
  enum class Kind {
    scalar,       // form
    choice,       // one of choices
    mapping,      // the keys of `mapping`
    list,         // of parts[0]
    one_or_list,  // parts[0], or a list of it
    map,          // any keys of `form`, each with a parts[0]
    either,       // one of parts
    object,       // a Kubernetes object: any mapping
  };
  Kind kind = Kind::scalar;
  Form form = Form::text;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  const Choices* choices = nullptr;
  const Mapping& (*mapping)() = nullptr;
  std::vector<Type> parts = {};
  std::string_view noun = {};   // of a map: what its keys are called, "port"
  std::string_view words = {};  // for messages and the page; empty: made from the rest
  bool may_be_empty = false;    // a list or a map
};

Type scalar(Form form);
Type number(std::int64_t minimum, std::int64_t maximum);
Type choice(const Choices& choices);
Type mapping(const Mapping& (*mapping)(), std::string_view words);
Type list(Type element, std::string_view words);
Type one_or_list(Type element);
Type map(Form form, std::string_view noun, Type value, std::string_view words);
Type either(std::vector<Type> parts);
Type object();

struct Key {
  std::string_view name;
  Type type;
  bool required;
  std::string_view doc;
};

struct Mapping {
  std::string_view name;  // with its article: "a step"
  std::vector<Key> keys;
};

const Mapping& scenario_mapping();
const Mapping& service_mapping();
const Mapping& step_mapping();
const Mapping& trigger_mapping();
const Mapping& pod_state_mapping();
const Mapping& cluster_restart_mapping();
const Mapping& rolling_update_mapping();
const Mapping& controllers_mapping();
const Mapping& object_name_mapping();
const Mapping& token_mapping();
const Mapping& request_mapping();
const Mapping& fault_mapping();         // of a scenario: with its name
const Mapping& fault_action_mapping();  // of the control API, where the path names it
const Mapping& match_mapping();
const Mapping& respond_mapping();
const Mapping& body_fault_mapping();
const Mapping& stream_fault_mapping();
const Mapping& expect_mapping();
const Mapping& at_most_mapping();

/// All of them, in the order of the reference page.
std::vector<const Mapping*> all_mappings();

/// "word: up, down", "name: number, 1 to 65535": the value column of the reference page.
std::string words_of(const Type& type);
/// "up or down", "a duration such as 300ms": what a message says that was expected.
std::string expected(const Type& type);

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

// The keys of faults: words for the plan that scenario/fault/fault.hpp describes.
#include <utility>

#include "fakeapi/scenario/fault/words.hpp"
#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::scenario {
namespace {

const Choices& parity_choices() {
  static const Choices choices{{"even", ""}, {"odd", ""}};
  return choices;
}

const Choices& replica_choices() {
  static const Choices choices{{"held", "where it was when the window opened"}};
  return choices;
}

template <const auto& words>
const Choices& choices_of_words() {
  static const Choices choices = fault::choices_of(words());
  return choices;
}

std::vector<Key> request_keys() {
  return {
      {"verb", one_or_list(choice(fault::verbs())), false, "any unless given"},
      {"resource", one_or_list(scalar(Form::name_pattern)), false,
       "`endpoints`, `pods/status`, `endpoint*`"},
      {"group", scalar(Form::text_or_none), false, "`discovery.k8s.io`; empty is the core group"},
      {"namespace", scalar(Form::name_pattern), false, ""},
      {"name", scalar(Form::name_pattern), false, "in the path, or in a fieldSelector"},
      {"user-agent", scalar(Form::name_pattern), false, "how it begins"},
      {"connection", either({number(1, 999'999'999), choice(parity_choices())}), false,
       "connections count from 1"},
  };
}

std::vector<Key> action_keys() {
  Type share{Type::Kind::scalar, Form::share, 0, 1};
  return {
      {"match", mapping(match_mapping, "which requests"), false, "which requests it meets"},
      {"window", scalar(Form::window), false, "when, on the scenario's clock; always unless given"},
      {"latency", scalar(Form::moment), false, "before the head of the answer"},
      {"bandwidth", scalar(Form::rate), false, "the body comes no faster"},
      {"respond", mapping(respond_mapping, "an answer"), false, "an answer in the cluster's place"},
      {"answer", choice(choices_of_words<fault::no_answers>()), false, "no answer at all"},
      {"carried-out", scalar(Form::boolean), false,
       "with `answer`: what was asked happens all the same"},
      {"body", mapping(body_fault_mapping, "what becomes of it"), false,
       "of an answer that is no watch"},
      {"stream", mapping(stream_fault_mapping, "what becomes of it"), false, "of a watch"},
      {"replica", either({choice(replica_choices()), scalar(Form::duration)}), false,
       "an API server whose watch cache is behind answers; a duration is how far"},
      {"connect", choice(choices_of_words<fault::connect_faults>()), false,
       "of a connection, before it carries a request"},
  };
}

}  // namespace

const Mapping& request_mapping() {
  static const Mapping table{"requests", request_keys()};
  return table;
}

const Mapping& match_mapping() {
  static const Mapping table = [] {
    Mapping made{"a match", request_keys()};
    made.keys.push_back({"nth", scalar(Form::nth), false,
                         "which of the matching requests inside the window, counted from 1"});
    Type share{Type::Kind::scalar, Form::share, 0, 1};
    made.keys.push_back({"fraction", std::move(share), false, "how many of them, by chance"});
    return made;
  }();
  return table;
}

const Mapping& fault_mapping() {
  static const Mapping table = [] {
    Mapping made{"a fault", action_keys()};
    made.keys.insert(made.keys.begin(),
                     {"name", scalar(Form::label), true, "its own; the draws depend on it"});
    return made;
  }();
  return table;
}

const Mapping& fault_action_mapping() {
  static const Mapping table{"a fault", action_keys()};
  return table;
}

const Mapping& respond_mapping() {
  static const Mapping table{
      "an answer",
      {
          {"status", number(400, 599), true, ""},
          {"form", choice(choices_of_words<fault::answer_forms>()), false,
           "`overload` for 429, else `status`, unless given"},
          {"retry-after", number(0, 86'400), false, "seconds; as the form has it unless given"},
          {"message", scalar(Form::text), false, "as the status has it unless given"},
      }};
  return table;
}

const Mapping& body_fault_mapping() {
  static const Mapping table = [] {
    Type share{Type::Kind::scalar, Form::share, 0, 1};
    return Mapping{"a body",
                   {
                       {"after", either({std::move(share), scalar(Form::size)}), false,
                        "a share of the body, or a size; 0.5 unless given"},
                       {"then", choice(choices_of_words<fault::body_effects>()), true, ""},
                   }};
  }();
  return table;
}

const Mapping& stream_fault_mapping() {
  static const Mapping table{
      "a stream",
      {
          {"after-events", number(0, 1'000'000'000), false, "bookmarks and initial events count"},
          {"after", scalar(Form::duration), false, "since it began; both must have passed"},
          {"then", choice(choices_of_words<fault::stream_effects>()), true, ""},
      }};
  return table;
}

}  // namespace fakeapi::scenario

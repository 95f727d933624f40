// The table. Adding a key: a row here, and the line that reads it in read.cpp.
#include "fakeapi/scenario/language.hpp"

namespace fakeapi::scenario {
namespace {

const std::vector<Choice>& shows_choices() {
  static const std::vector<Choice> choices{
      {"ready", "Running, with an address, condition Ready True"},
      {"not-ready", "Running, with an address, condition Ready False"},
      {"pending", "there, without an address"},
      {"terminating", "deleted with a grace period; readiness and address stay as they were"},
      {"absent", "no Pod object"},
  };
  return choices;
}

const std::vector<Choice>& api_choices() {
  static const std::vector<Choice> choices{
      {"up", "the API server answers"},
      {"down", "it refuses connections, and those it had are cut"},
  };
  return choices;
}

const std::vector<Choice>& controllers_choices() {
  static const std::vector<Choice> choices{
      {"running", "Endpoints and EndpointSlices follow the Pods"},
      {"paused", "they stay as they are, whatever the Pods do"},
  };
  return choices;
}

}  // namespace

std::string_view to_string(Form form) {
  switch (form) {
    case Form::integer:
      return "number";
    case Form::sentence:
      return "sentence";
    case Form::duration:
      return "duration";
    case Form::namespace_name:
      return "name";
    case Form::choice:
      return "word";
    case Form::boolean:
      return "true or false";
    case Form::address:
      return "address or new";
    case Form::ports:
      return "name: number";
    case Form::services:
      return "name: Service";
    case Form::steps:
      return "list of steps";
    case Form::pod_states:
      return "Pod: state";
  }
  return "";
}

const Mapping& scenario_mapping() {
  static const Mapping mapping{
      "a scenario",
      {
          {"version", Form::integer, true, "version of the language", 1, 1},
          {"about", Form::sentence, true, "what the scenario shows, in one sentence"},
          {"namespace", Form::namespace_name, false,
           "where everything lives; default unless given"},
          {"services", Form::services, true, "the Services, each with its Pods", 0, 0, nullptr,
           &service_mapping()},
          {"timeline", Form::steps, true, "what is, from which time on; in any order", 0, 0,
           nullptr, &step_mapping()},
      }};
  return mapping;
}

const Mapping& service_mapping() {
  static const Mapping mapping{
      "a Service",
      {
          {"ports", Form::ports, true, "its ports by name, at least one", 1, 65535},
          {"pods", Form::integer, true, "how many Pods it has: NAME-0, NAME-1 and so on", 0, 1000},
      }};
  return mapping;
}

const Mapping& step_mapping() {
  static const Mapping mapping{
      "a step",
      {
          {"at", Form::duration, true, "since the start"},
          {"why", Form::sentence, false, "what happens, shown in the picture"},
          {"pods", Form::pod_states, false, "the state of the named Pods from now on", 0, 0,
           nullptr, &pod_state_mapping()},
          {"api", Form::choice, false, "the API server", 0, 0, &api_choices()},
          {"controllers", Form::choice, false, "the controllers that write Endpoints", 0, 0,
           &controllers_choices()},
      }};
  return mapping;
}

const Mapping& pod_state_mapping() {
  static const Mapping mapping{
      "a Pod state",
      {
          {"shows", Form::choice, true, "what the API shows", 0, 0, &shows_choices()},
          {"listens", Form::boolean, false,
           "what is true; as the word of that meaning unless given"},
          {"address", Form::address, false, "inside 10.20.0.0/16, or new: the next free one"},
      }};
  return mapping;
}

std::optional<Shows> parse_shows(std::string_view word) {
  if (word == "absent") return Shows::absent;
  if (word == "pending") return Shows::pending;
  if (word == "not-ready") return Shows::not_ready;
  if (word == "ready") return Shows::ready;
  if (word == "terminating") return Shows::terminating;
  return std::nullopt;
}

const std::vector<PodWord>& pod_words() {
  static const std::vector<PodWord> words{
      {"absent", Shows::absent, false, "no Pod object"},
      {"pending", Shows::pending, false, "the Pod is there and has no address"},
      {"running", Shows::not_ready, false, "its process starts, or has failed"},
      {"ready", Shows::ready, true, "all is well"},
      {"stale", Shows::ready, false, "what a power failure leaves behind"},
      {"unnoticed", Shows::not_ready, true, "kubelet has not probed it yet"},
      {"terminating", Shows::terminating, std::nullopt, "deleted, within its grace period of 30 s"},
  };
  return words;
}

std::optional<bool> listens_by_default(Shows shows) {
  if (shows == Shows::terminating) return std::nullopt;
  return shows == Shows::ready;
}

}  // namespace fakeapi::scenario

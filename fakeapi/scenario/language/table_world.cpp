// The keys of the world: what there is, and what becomes of it. Adding a key: a row here, and the
// line that reads it (read.cpp for the scenario and its Services, read_step.cpp for steps).
#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::scenario {
namespace {

const Choices& shows_choices() {
  static const Choices choices{
      {"ready", "Running, with an address, condition Ready True"},
      {"not-ready", "Running, with an address, condition Ready False"},
      {"pending", "there, without an address"},
      {"terminating", "deleted with a grace period; readiness and address stay as they were"},
      {"absent", "no Pod object"},
  };
  return choices;
}

const Choices& pod_word_choices() {
  static const Choices choices = [] {
    Choices out;
    for (const PodWord& word : pod_words()) out.push_back({word.name, word.doc});
    return out;
  }();
  return choices;
}

const Choices& api_choices() {
  static const Choices choices{
      {"up", "the API server answers"},
      {"down", "it refuses connections, and those it had are cut"},
  };
  return choices;
}

const Choices& controllers_choices() {
  static const Choices choices{
      {"running", "Endpoints and EndpointSlices follow the Pods"},
      {"paused", "they stay as they are, whatever the Pods do"},
  };
  return choices;
}

const Choices& existence_choices() {
  static const Choices choices{
      {"present", "the Service is there; after it was absent, a new object of the same name"},
      {"absent", "it is deleted, and its Endpoints and EndpointSlices go with it"},
  };
  return choices;
}

const Choices& history_choices() {
  static const Choices choices{
      {"lost", "compacted: who resumes from an earlier version gets 410 Expired"},
  };
  return choices;
}

const Choices& restart_history_choices() {
  static const Choices choices{
      {"kept", "watches resume where they were"},
      {"lost", "compacted: who resumes gets 410 Expired"},
  };
  return choices;
}

const Choices& cache_choices() {
  static const Choices choices{
      {"current", "the watch cache follows etcd"},
      {"held", "it stays where it is, as that of a replica which lags; new reads go to etcd"},
  };
  return choices;
}

const Choices& token_choices() {
  static const Choices choices{
      {"new", "the service account's file holds a new token, and the old one is 401"},
      {"expired", "the token is 401, and there is no new one yet"},
  };
  return choices;
}

const Choices& new_token_choices() {
  static const Choices choices{{"new", "the service account's file holds a new token"}};
  return choices;
}

const Choices& ca_choices() {
  static const Choices choices{
      {"announced", "ca.crt holds the old and the new authority; the server still shows the old"},
      {"new", "the server shows a certificate of the new authority, and ca.crt holds only that"},
  };
  return choices;
}

const Choices& rights_choices() {
  static const Choices choices{
      {"read-endpoints", "Endpoints, EndpointSlices, Services, Pods: what it has at the start"},
      {"nothing", "every read is 403"},
      {"everything", "cluster-admin"},
  };
  return choices;
}

Type pod_state() {
  return either({choice(pod_word_choices()), mapping(pod_state_mapping, "a Pod state")});
}

Type pods() {
  Type state = either({choice(pod_word_choices()), mapping(pod_state_mapping, "a Pod state"),
                       list(pod_state(), "list of states, one for each round of every")});
  state.words = "state";
  return map(Form::pod_pattern, "Pod", std::move(state), "Pod: state");
}

Type follow() { return either({choice(controllers_choices()), scalar(Form::duration)}); }

}  // namespace

const Mapping& scenario_mapping() {
  static const Mapping table = [] {
    Type services =
        map(Form::service_name, "Service", mapping(service_mapping, "a Service"), "name: Service");
    services.may_be_empty = true;
    Type timeline = list(mapping(step_mapping, "a step"), "list of steps");
    timeline.may_be_empty = true;
    Type heal = either({scalar(Form::duration), choice([]() -> const Choices& {
                          static const Choices never{{"never", "faults stay to the end"}};
                          return never;
                        }())});
    return Mapping{
        "a scenario",
        {
            {"version", number(1, 1), true, "version of the language"},
            {"about", scalar(Form::sentence), true, "what the scenario shows, in one sentence"},
            {"namespace", scalar(Form::label), false,
             "where everything lives; default unless given"},
            {"seed", number(0, 999'999'999'999'999), false,
             "of everything that is drawn; 1 unless given, and `--seed` overrides it"},
            {"interval", scalar(Form::duration), false,
             "of one value of a series; 1s unless given"},
            {"objects", one_or_list(scalar(Form::file)), false,
             "files of Kubernetes manifests that are applied at the start"},
            {"recording", scalar(Form::file), false,
             "a recorded trace (*.json) that is replayed as it is"},
            {"services", std::move(services), false, "the Services, each with its Pods"},
            {"timeline", std::move(timeline), false, "what is, from which time on; in any order"},
            {"faults", list(mapping(fault_mapping, "a fault"), "list of faults"), false,
             "what the API server does to its clients; the first that fits wins"},
            {"heal", std::move(heal), false,
             "when all faults end and the API is well again; 30s after the last time in the file "
             "unless given"},
            {"end", scalar(Form::duration), false,
             "when a run gives up on its command; 60s after `heal` unless given"},
            {"expect", mapping(expect_mapping, "expectations"), false,
             "what the program under test must do"},
        }};
  }();
  return table;
}

const Mapping& service_mapping() {
  static const Mapping table{
      "a Service",
      {
          {"ports", map(Form::port_name, "port", number(1, 65535), "name: number, 1 to 65535"),
           true, "its ports by name, at least one"},
          {"pods", number(0, 1000), true, "how many Pods it has: NAME-0, NAME-1 and so on"},
          {"ready", scalar(Form::series), false,
           "how many Pods the API shows as ready, for each interval"},
          {"listens", scalar(Form::series), false,
           "how many Pods really listen; as many as are ready unless given"},
      }};
  return table;
}

const Mapping& step_mapping() {
  static const Mapping table{
      "a step",
      {
          {"at", scalar(Form::moment), false, "since the start"},
          {"when", mapping(trigger_mapping, "a trigger"), false,
           "in place of `at`: as soon as the clients have done something"},
          {"after", scalar(Form::moment), false, "so long after `when`"},
          {"every", scalar(Form::moment), false, "again after so long; with `times`"},
          {"times", number(2, 10'000), false, "how often in all"},
          {"why", scalar(Form::sentence), false, "what happens, shown in the picture"},
          {"pods", pods(), false, "the state of the named Pods from now on"},
          {"scale",
           map(Form::service_name, "Service", number(0, 1000), "Service: number, 0 to 1000"), false,
           "so many Pods: more are pending, those with higher numbers absent"},
          {"services",
           map(Form::service_name, "Service", choice(existence_choices()),
               "Service: present or absent"),
           false, "which Services there are"},
          {"cluster-restart", mapping(cluster_restart_mapping, "a restart"), false,
           "all nodes and the API server lose power and come back"},
          {"rolling-update", mapping(rolling_update_mapping, "a rolling update"), false,
           "each Pod of a Service is replaced, the highest number first"},
          {"api", choice(api_choices()), false, "the API server"},
          {"controllers",
           either({choice(controllers_choices()), scalar(Form::duration),
                   mapping(controllers_mapping, "each of the two")}),
           false, "the controllers that write Endpoints; a duration is how far they lag behind"},
          {"apply", one_or_list(object()), false, "objects that are as written here"},
          {"delete", one_or_list(mapping(object_name_mapping, "an object's name")), false,
           "objects that are not there"},
          {"history", choice(history_choices()), false,
           "what etcd still knows of earlier versions"},
          {"cache", either({choice(cache_choices()), scalar(Form::duration)}), false,
           "the API server's watch cache; a duration is how far it lags behind"},
          {"rollback", scalar(Form::duration), false,
           "etcd is restored from a snapshot of this time"},
          {"token", either({choice(token_choices()), mapping(token_mapping, "a rotation")}), false,
           "the service account's token"},
          {"ca", choice(ca_choices()), false, "the authority that clients trust"},
          {"rights", choice(rights_choices()), false, "what the service account may do"},
      }};
  return table;
}

const Mapping& trigger_mapping() {
  static const Mapping table{
      "a trigger",
      {
          {"watches", number(1, 10'000), false, "so many watches are open at the same time"},
          {"request", mapping(request_mapping, "which requests"), false,
           "which requests or watches count; all unless given"},
          {"nth", number(1, 1'000'000), false, "this one of the requests has come; 1 unless given"},
      }};
  return table;
}

const Mapping& pod_state_mapping() {
  static const Mapping table{"a Pod state",
                             {
                                 {"shows", choice(shows_choices()), true, "what the API shows"},
                                 {"listens", scalar(Form::boolean), false,
                                  "what is true; as the word of that meaning unless given"},
                                 {"address", scalar(Form::address), false,
                                  "inside 10.20.0.0/16, or new: the next free one"},
                             }};
  return table;
}

const Mapping& cluster_restart_mapping() {
  static const Mapping table{
      "a restart",
      {
          {"down", scalar(Form::moment), true, "how long the API server is away"},
          {"stale", scalar(Form::moment), false,
           "how long it then shows the Pods of before as ready; 0s unless given"},
          {"history", choice(restart_history_choices()), false,
           "what etcd still knows of earlier versions; kept unless given"},
          {"ready-after", scalar(Form::moment), false,
           "how long after that those which were ready are ready again; never unless given"},
      }};
  return table;
}

const Mapping& rolling_update_mapping() {
  static const Mapping table{"a rolling update",
                             {
                                 {"service", scalar(Form::service_name), true, "whose Pods"},
                                 {"terminating", scalar(Form::moment), false,
                                  "how long an old Pod takes to end; 1s unless given"},
                                 {"starting", scalar(Form::moment), false,
                                  "how long a new Pod takes to be ready; 1s unless given"},
                             }};
  return table;
}

const Mapping& controllers_mapping() {
  static const Mapping table{
      "controllers",
      {
          {"endpoints", follow(), false, "the controller of Endpoints"},
          {"endpointslices", follow(), false, "the controller of EndpointSlices"},
      }};
  return table;
}

const Mapping& object_name_mapping() {
  static const Mapping table{
      "an object's name",
      {
          {"kind", scalar(Form::object_name), true, "as in a manifest"},
          {"apiVersion", scalar(Form::object_name), false, "where the kind alone is not enough"},
          {"name", scalar(Form::object_name), true, ""},
          {"namespace", scalar(Form::label), false, "that of the scenario unless given"},
          {"grace", scalar(Form::duration), false,
           "of a Pod: it is terminating, not gone; 0s unless given"},
      }};
  return table;
}

const Mapping& token_mapping() {
  static const Mapping table{
      "a rotation",
      {
          {"is", choice(new_token_choices()), true, ""},
          {"old-valid-for", scalar(Form::duration), true, "as long as the old one is no 401"},
      }};
  return table;
}

}  // namespace fakeapi::scenario

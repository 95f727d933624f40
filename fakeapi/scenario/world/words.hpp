// What a scenario comes to, for people: the flat list of all that happens, without the short forms.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// One line for each time, with what is then below it; steps that wait for clients, faults, and the
/// end after that. What is drawn is drawn with the scenario's own seed.
std::vector<std::string> in_words(const Scenario& scenario);

/// "ready: mysql-0 at 10.20.0.1, mysql-1 at 10.20.0.2": neighbours of one kind are one text.
std::vector<std::string> in_words(const std::vector<Action>& actions);

}  // namespace fakeapi::scenario

// The scenarios that are shipped with the program: where they are, and what each is about.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakeapi/run/exit_code.hpp"
#include "fakeapi/scenario/model.hpp"

namespace fakeapi::run {

/// Where to look, from the outside: a folder that was named, else a variable, else by the program.
struct ScenarioPlaces {
  std::string named;     // --dir; "" when it was not given
  std::string variable;  // FAKEAPI_SCENARIOS
  std::string program;   // its path
};

/// What this process was started with.
ScenarioPlaces places_of_this_process(std::string named);

/// The folder of the shipped scenarios. Installed it is ../share/fakeapi/scenarios as seen from the
/// program; in a build tree it is the next `scenarios` above it that holds the schema. A folder
/// that was named is taken as it is.
std::optional<std::string> scenarios_folder(const ScenarioPlaces& places);

/// What `fakeapi run flapping` means: the path itself where there is such a file, or where it is
/// more than a name; else the shipped scenario of that name, if there is one.
std::string shipped_or_path(const std::string& path, const ScenarioPlaces& places);

/// One line of the list.
struct ScenarioLine {
  std::string name;
  std::string takes;     // seconds, as the file expects it
  std::string faithful;  // of its least faithful fault
  std::string about;
};
ScenarioLine describe(const scenario::Scenario& scenario);

/// All of a folder by name, or what is wrong with it.
std::variant<std::vector<ScenarioLine>, std::string> list_scenarios(const std::string& folder);

/// fakeapi scenarios: prints them.
ExitCode print_scenarios(const ScenarioPlaces& places);

}  // namespace fakeapi::run

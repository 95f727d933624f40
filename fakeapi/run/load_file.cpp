#include "fakeapi/run/load_file.hpp"

#include <utility>

#include "fakeapi/run/files.hpp"
#include "fakeapi/run/scenarios_list.hpp"
#include "fakeapi/scenario/recording/trace.hpp"

namespace fakeapi::run {
namespace {

/// Files that a scenario names stand relative to its own folder.
scenario::FileReader reader_beside(const std::string& path) {
  const auto slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return [folder = std::move(folder)](
             const std::string& name) -> std::variant<std::string, scenario::ReadError> {
    auto read = read_file(name.starts_with('/') ? name : folder + name);
    if (auto* error = std::get_if<FileError>(&read)) return scenario::ReadError{error->message};
    return std::get<std::string>(std::move(read));
  };
}

}  // namespace

std::variant<scenario::Scenario, std::vector<std::string>> load_file(const std::string& name) {
  if (name.empty()) return scenario::Scenario{};
  const std::string path = shipped_or_path(name, places_of_this_process(""));
  const auto read = read_file(path);
  if (const auto* error = std::get_if<FileError>(&read)) return std::vector{error->message};
  return load_text(std::get<std::string>(read), path);
}

std::variant<scenario::Scenario, std::vector<std::string>> load_text(const std::string& text,
                                                                     const std::string& path) {
  auto loaded = path.ends_with(".json") ? scenario::load_trace(text, path)
                                        : scenario::load_scenario(text, path, reader_beside(path));
  if (auto* scenario = std::get_if<scenario::Scenario>(&loaded)) return std::move(*scenario);
  std::vector<std::string> lines;
  for (const scenario::Problem& problem : std::get<std::vector<scenario::Problem>>(loaded))
    lines.push_back(scenario::to_string(problem));
  return lines;
}

}  // namespace fakeapi::run

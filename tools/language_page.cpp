// Writes what is derived from the table of the scenario language: with "schema" the JSON Schema,
// otherwise docs/scenarios.md from standard input with its reference part written anew.
#include <iostream>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/scenario/language/page.hpp"
#include "fakeapi/scenario/language/schema.hpp"

int main(int argc, char** argv) {
  using namespace fakeapi::scenario;
  if (argc > 1 && std::string(argv[1]) == "schema") {
    std::cout << json_schema().dump(2) << "\n";
    return 0;
  }
  std::string page{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const auto begin = page.find(reference_begin);
  const auto end = page.find(reference_end);
  if (begin == std::string::npos || end == std::string::npos) {
    std::cerr << "language_page: the page has no reference part\n";
    return 2;
  }
  const auto from = begin + std::string(reference_begin).size();
  std::cout << page.replace(from, end - from, reference_page());
}

// docs/engine.md: its table is that of the program, and the tests that it names are there.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tools/transitions_page.hpp"

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

const std::filesystem::path root = PROJECT_SOURCE_DIR;

TEST(EnginePage, ShowsTheTransitionsAsTheyAre) {
  const std::string page = text_of(root / "docs/engine.md");
  EXPECT_EQ(page, tools::with_transitions(page)) << "./dev docs writes them";
}

TEST(EnginePage, NamesTestsThatExist) {
  std::string sources;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "waiter")) {
    if (entry.path().string().ends_with("_test.cpp")) sources += text_of(entry.path());
  }
  for (const auto& entry : std::filesystem::directory_iterator(root / "tools/e2e")) {
    sources += text_of(entry.path());
  }
  const std::string page = text_of(root / "docs/engine.md");
  const std::regex name("`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z0-9]+)`");
  int names = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), name), end; it != end; ++it, ++names) {
    const std::regex test("(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\\(" + (*it)[1].str() + ",\\s*" +
                          (*it)[2].str() + "\\s*[,)]");
    EXPECT_TRUE(std::regex_search(sources, test)) << (*it)[0];
  }
  EXPECT_GT(names, 20);
}

}  // namespace

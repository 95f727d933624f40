#include "waiter/cli/help.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "waiter/cli/flags.hpp"
#include "waiter/cli/options.hpp"

namespace waiter::cli {
namespace {

Answer answer_to(const std::vector<std::string>& words) {
  const auto nothing = [](const char*) -> std::optional<std::string> { return std::nullopt; };
  const Plan plan = parse_options(words, nothing, {});
  return std::holds_alternative<Answer>(plan) ? std::get<Answer>(plan) : Answer{};
}

std::vector<std::string> all_help() {
  std::vector<std::string> texts = {program_help()};
  for (const CommandText& command : commands()) texts.push_back(command_help(command.command));
  return texts;
}

TEST(Help, FitsATerminalOf80Columns) {
  for (const std::string& text : all_help()) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Help, OfTheProgramNamesEveryCommandAndEveryFlag) {
  const Answer answer = answer_to({"--help"});
  EXPECT_EQ(answer.code, core::ExitCode::ready);
  for (const CommandText& command : commands()) {
    EXPECT_NE(answer.text.find(std::string(command.synopsis)), std::string::npos) << command.name;
  }
  for (const Flag& flag : flags()) {
    EXPECT_NE(answer.text.find("--" + std::string(flag.name)), std::string::npos) << flag.name;
  }
}

TEST(Help, OfACommandHasItsFlagsAndNoOthers) {
  const std::string text = answer_to({"guard", "--help"}).text;
  EXPECT_NE(text.find("--policy observe|unready|exit   WFE_POLICY"), std::string::npos);
  EXPECT_EQ(text.find("--kill-after"), std::string::npos);
  EXPECT_EQ(text.find("\n  127 "), std::string::npos);
}

TEST(Help, IsNeverAnError) {
  for (const CommandText& command : commands()) {
    const Answer answer = answer_to({std::string(command.name), "-h"});
    EXPECT_EQ(answer.code, core::ExitCode::ready);
    EXPECT_NE(answer.text.find("Usage: wait-for-endpoints "), std::string::npos);
  }
  EXPECT_EQ(answer_to({"--version"}).text, "wait-for-endpoints " WFE_VERSION "\n");
}

TEST(Help, EveryDefaultHasAReason) {
  for (const Flag& flag : flags()) EXPECT_FALSE(flag.reason.empty()) << flag.name;
}

// The tables of the page are these, line for line: replace them there by what this test expects.
TEST(Help, ThePageHoldsTheSameTables) {
  std::ifstream file(PROJECT_SOURCE_DIR "/docs/wait-for-endpoints.md");
  std::ostringstream page;
  page << file.rdbuf();
  for (const std::string& table : {commands_page(), flags_page(), exit_codes_page()}) {
    EXPECT_NE(page.str().find("\n\n" + table + "\n"), std::string::npos) << table;
  }
}

}  // namespace
}  // namespace waiter::cli

#include "waiter/cli/options.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace waiter::cli {
namespace {

Answer answer_to(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "wait-for-endpoints");
  const auto no_environment = [](const char*) -> std::optional<std::string> {
    return std::nullopt;
  };
  const auto result =
      parse_options(static_cast<int>(arguments.size()), arguments.data(), no_environment);
  EXPECT_TRUE(std::holds_alternative<Answer>(result));
  return std::holds_alternative<Answer>(result) ? std::get<Answer>(result) : Answer{};
}

TEST(Options, WrongFlagsAreUsageErrorsOfOneLine) {
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{},
                                                    {"--nope", "mysql"},
                                                    {"--timeout=soon", "mysql"},
                                                    {"--verify=udp", "mysql"},
                                                    {"--log-format=xml", "mysql"},
                                                    {"MySQL"},
                                                    {"mysql@0"},
                                                    {"mysql:99999"},
                                                    {"--kubeconfig=/none", "mysql"}}) {
    const Answer answer = answer_to(arguments);
    EXPECT_EQ(answer.code, core::ExitCode::usage) << answer.text;
    EXPECT_EQ(answer.text.rfind("wait-for-endpoints: ", 0), 0U) << answer.text;
    EXPECT_EQ(answer.text.find('\n'), answer.text.size() - 1) << answer.text;
  }
}

TEST(Options, ATypingErrorIsNamedWithoutACluster) {
  EXPECT_NE(answer_to({"db/MySQL"}).text.find("\"db/MySQL\""), std::string::npos);
}

TEST(Options, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(answer_to({"--help"}).code, core::ExitCode::ready);
  EXPECT_NE(answer_to({"--help"}).text.find("Exit codes"), std::string::npos);
  EXPECT_EQ(answer_to({"--version"}).code, core::ExitCode::ready);
}

// The environment variable's name may make a flag's own line longer; descriptions never are.
TEST(Options, HelpFitsATerminal) {
  std::istringstream help(answer_to({"--help"}).text);
  for (std::string line; std::getline(help, line);) {
    if (line.find("(Env:") != std::string::npos) continue;
    EXPECT_LE(line.size(), 80U) << line;
  }
}

}  // namespace
}  // namespace waiter::cli

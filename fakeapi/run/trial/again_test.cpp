#include "fakeapi/run/trial/again.hpp"

#include <array>
#include <cstdio>

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

TEST(Again, HoldsWhatTheOutcomeDependsOn) {
  RunOptions options;
  options.command = {"sh", "-c", "exit 1"};
  EXPECT_EQ(again(options, "my files/x.yaml", 7),
            "fakeapi run --seed 7 'my files/x.yaml' -- sh -c 'exit 1'");
  options.server.speed = 2.5;
  options.server.only = fault::Faithfulness::real_over_http1;
  options.server.account_is_current = true;
  options.pods = PodNetwork::loopback;
  EXPECT_EQ(again(options, "x.yaml", 7),
            "fakeapi run --seed 7 --speed 2.5 --only real --as serviceaccount --pods loopback "
            "x.yaml -- sh -c 'exit 1'");
}

TEST(Again, WordsAreQuotedWhereAShellWouldReadThemOtherwise) {
  EXPECT_EQ(shell_quoted("--verify=tcp"), "--verify=tcp");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("~"), "'~'");
}

std::string said_by_shell(const std::string& word) {
  FILE* shell = ::popen(("printf %s " + shell_quoted(word)).c_str(), "r");
  std::array<char, 256> piece{};
  std::string text;
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), shell))
    text.append(piece.data(), size);
  ::pclose(shell);
  return text;
}

TEST(Again, AShellReadsAnyWordAsItWas) {
  for (const char* word : {"a\nb", "\\", "'", "''x'", "\"$(id)\" `id` &;|<>*?[]{}#!", "ü"})
    EXPECT_EQ(said_by_shell(word), word);
}

}  // namespace
}  // namespace fakeapi::run

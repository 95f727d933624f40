#include "waiter/run/termination_message.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace waiter::run {
namespace {

class TerminationMessage : public testing::Test {
 protected:
  TerminationMessage() {
    std::string pattern = testing::TempDir() + "/wfe-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TerminationMessage() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/message"; }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path()).rdbuf();
    return out.str();
  }

  std::string folder_;
};

TEST_F(TerminationMessage, ReplacesTheOneOfTheRunBefore) {
  write_termination_message(path(), "the first and longer one");
  write_termination_message(path(), "db/mysql");
  EXPECT_EQ(text(), "db/mysql");
}

// kubelet reads no more.
TEST_F(TerminationMessage, IsCutWhereKubeletCutsIt) {
  write_termination_message(path(), std::string(10'000, 'x'));
  EXPECT_EQ(text().size(), 4096U);
}

TEST_F(TerminationMessage, ThatCannotBeWrittenIsNoError) {
  write_termination_message(folder_ + "/absent/message", "db/mysql");
  write_termination_message("", "db/mysql");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/absent"));
}

}  // namespace
}  // namespace waiter::run

#include "fakeapi/run/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string pattern = testing::TempDir() + "files-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(FilesTest, ComeBackAsTheyWereWritten) {
  const std::string text("a\0b\n", 4);
  ASSERT_FALSE(write_file(folder_ + "/x", text, 0600).has_value());
  EXPECT_EQ(std::get<std::string>(read_file(folder_ + "/x")), text);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/x.new"));
}

TEST_F(FilesTest, SayWhyTheyCannotBeRead) {
  EXPECT_EQ(std::get<FileError>(read_file(folder_ + "/none")).message,
            "cannot read " + folder_ + "/none: No such file or directory");
  EXPECT_NE(std::get<FileError>(read_file(folder_)).message.find("Is a directory"),
            std::string::npos);
}

// A device that is renamed over is gone for the whole machine.
TEST_F(FilesTest, NeverReplaceADevice) {
  const auto error = write_file("/dev/full", "text", 0644);
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find("No space left"), std::string::npos);
  struct stat status {};
  ASSERT_EQ(::stat("/dev/full", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

}  // namespace
}  // namespace fakeapi::run

#include "waiter/run/install.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace waiter::run {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What a file is to the kernel: it is another one after it was replaced.
ino_t inode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_ino;
}

class InstallTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "install-test.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string error() { return install(folder_.string()).value_or(""); }
  fs::path installed() const { return folder_ / "wait-for-endpoints"; }
  int files() const {
    const auto count = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
    return static_cast<int>(count);
  }

  fs::path folder_;
};

TEST_F(InstallTest, CopiesTheProgramForEveryUser) {
  ASSERT_EQ(error(), "");
  EXPECT_TRUE(bytes_of(installed()) == bytes_of("/proc/self/exe"));
  EXPECT_EQ(fs::status(installed()).permissions(), fs::perms(0555));
  EXPECT_EQ(files(), 1) << "no temporary file is left";
}

TEST_F(InstallTest, DoesNothingWhenItIsThereAlready) {
  ASSERT_EQ(error(), "");
  const auto first = inode_of(installed());
  ASSERT_EQ(error(), "");
  EXPECT_EQ(inode_of(installed()), first);
}

TEST_F(InstallTest, ReplacesAnotherVersionOfTheSameSize) {
  ASSERT_EQ(error(), "");
  fs::permissions(installed(), fs::perms(0755));
  {
    std::fstream file(installed(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(-1, std::ios::end);
    const int last = file.peek();
    file.put(static_cast<char>(last ^ 1));
  }
  fs::permissions(installed(), fs::perms(0555));
  ASSERT_FALSE(bytes_of(installed()) == bytes_of("/proc/self/exe"));
  ASSERT_EQ(error(), "");
  EXPECT_TRUE(bytes_of(installed()) == bytes_of("/proc/self/exe"));
}

TEST_F(InstallTest, ReplacesAShorterFile) {
  std::ofstream(installed()) << "half a copy";
  ASSERT_EQ(error(), "");
  EXPECT_TRUE(bytes_of(installed()) == bytes_of("/proc/self/exe"));
}

// Seen in other tools: a copy that only its owner may execute.
TEST_F(InstallTest, MendsTheModeOfACopy) {
  ASSERT_EQ(error(), "");
  fs::permissions(installed(), fs::perms(0500));
  ASSERT_EQ(error(), "");
  EXPECT_EQ(fs::status(installed()).permissions(), fs::perms(0555));
}

TEST_F(InstallTest, ReplacesALinkAndLeavesWhatItPointsTo) {
  std::ofstream(folder_ / "target") << "not ours";
  fs::create_symlink("target", installed());
  ASSERT_EQ(error(), "");
  EXPECT_FALSE(fs::is_symlink(installed()));
  EXPECT_EQ(bytes_of(folder_ / "target"), "not ours");
}

TEST_F(InstallTest, AFolderThatIsNotThereIsNamed) {
  const std::string missing = (folder_ / "missing").string();
  const std::string text = install(missing).value_or("");
  EXPECT_NE(text.find(missing + ": No such file or directory"), std::string::npos) << text;
  EXPECT_NE(text.find("Is the volume mounted there?"), std::string::npos) << text;
}

TEST_F(InstallTest, AFileInPlaceOfTheFolderIsNamed) {
  std::ofstream(folder_ / "file") << "x";
  const std::string text = install((folder_ / "file").string()).value_or("");
  EXPECT_NE(text.find("Not a directory"), std::string::npos) << text;
}

TEST_F(InstallTest, LeavesNoTemporaryFileWhenTheNameIsTaken) {
  fs::create_directory(installed());
  const std::string text = error();
  EXPECT_NE(text.find(installed().string()), std::string::npos) << text;
  EXPECT_EQ(files(), 1);
}

// A limit of the file size stands for a volume that is full.
TEST_F(InstallTest, LeavesNoTemporaryFileWhenItCannotBeWritten) {
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 100'000, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string text = error();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_NE(text.find("File too large"), std::string::npos) << text;
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace waiter::run

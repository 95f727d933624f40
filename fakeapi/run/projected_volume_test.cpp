// The contract of kubelet's AtomicWriter: a reader never sees a token of one set beside the CA of
// another.
#include "fakeapi/run/projected_volume.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

class ProjectedVolume : public ::testing::Test {
 protected:
  ProjectedVolume() : folder_(::testing::TempDir() + "projected.XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  ~ProjectedVolume() override { std::filesystem::remove_all(folder_); }

  std::string text(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::string folder_;
};

TEST_F(ProjectedVolume, HoldsItsFilesBehindOneLink) {
  ASSERT_EQ(write_projected(folder_, {{"token", "one", 0600}, {"ca.crt", "first"}}), std::nullopt);
  EXPECT_EQ(text("token"), "one");
  EXPECT_EQ(text("..data/ca.crt"), "first");
  EXPECT_EQ(std::filesystem::read_symlink(folder_ + "/token"), "..data/token");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ + "/token").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ProjectedVolume, WhoHoldsTheOldSetOpenKeepsItWhole) {
  ASSERT_EQ(write_projected(folder_, {{"token", "one"}, {"ca.crt", "first"}}), std::nullopt);
  std::ifstream old_token(folder_ + "/..data/token");
  ASSERT_EQ(write_projected(folder_, {{"token", "two"}, {"ca.crt", "second"}}), std::nullopt);
  EXPECT_EQ(text("token") + text("ca.crt"), "twosecond");
  std::string held;
  old_token >> held;
  EXPECT_EQ(held, "one");
}

TEST_F(ProjectedVolume, LeavesNoOldSetBehind) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(write_projected(folder_, {{"token", "t"}}), std::nullopt);
  EXPECT_EQ(entries(), 3U) << "token, ..data and the set that it leads to";
}

TEST_F(ProjectedVolume, ReplacesPlainFiles) {
  std::ofstream(folder_ + "/token") << "plain";
  ASSERT_EQ(write_projected(folder_, {{"token", "linked"}}), std::nullopt);
  EXPECT_EQ(text("token"), "linked");
}

TEST_F(ProjectedVolume, SaysWhichDirectoryItCannotWriteInto) {
  const auto error = write_projected(folder_ + "/none", {{"token", "t"}});
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->find(folder_ + "/none: No such file"), std::string::npos) << *error;
}

}  // namespace
}  // namespace fakeapi::run

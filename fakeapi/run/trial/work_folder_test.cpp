#include "fakeapi/run/trial/work_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

namespace fs = std::filesystem;

class WorkFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = ::testing::TempDir() + "work-folder-test-XXXXXX";
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    parent_ = made;
    ::setenv("TMPDIR", parent_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("TMPDIR");
    fs::remove_all(parent_);
  }
  std::string parent_;
};

TEST_F(WorkFolderTest, IsThereAsLongAsTheObjectLives) {
  std::string path;
  {
    const WorkFolder folder;
    ASSERT_EQ(folder.error(), std::nullopt);
    path = folder.path();
    EXPECT_TRUE(fs::is_directory(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(WorkFolderTest, WhatAKilledRunHasLeftIsRemovedByTheNext) {
  fs::create_directories(parent_ + "/fakeapi-run.abandoned/cluster");
  fs::create_directories(parent_ + "/somebody-elses");
  const WorkFolder folder;
  EXPECT_FALSE(fs::exists(parent_ + "/fakeapi-run.abandoned"));
  EXPECT_TRUE(fs::exists(parent_ + "/somebody-elses"));
}

TEST_F(WorkFolderTest, ARunThatStillLivesKeepsItsOwn) {
  const WorkFolder first;
  const WorkFolder second;
  EXPECT_TRUE(fs::is_directory(first.path()));
  EXPECT_NE(first.path(), second.path());
}

TEST_F(WorkFolderTest, ALinkIsNotFollowed) {
  fs::create_directories(parent_ + "/target/kept");
  fs::create_directory_symlink(parent_ + "/target", parent_ + "/fakeapi-run.link");
  const WorkFolder folder;
  EXPECT_TRUE(fs::exists(parent_ + "/target/kept"));
}

// Tests of one project run at the same time; a folder is never taken for abandoned between its
// making and its lock.
TEST_F(WorkFolderTest, ManyAtOnceDoNotTakeEachOthers) {
  std::vector<std::thread> runs;
  std::vector<int> lost(8);
  for (std::size_t run = 0; run < lost.size(); ++run) {
    runs.emplace_back([&lost, run] {
      for (int round = 0; round < 300; ++round) {
        const WorkFolder folder;
        if (folder.error() || !fs::is_directory(folder.path())) ++lost[run];
      }
    });
  }
  for (std::thread& run : runs) run.join();
  EXPECT_EQ(lost, std::vector<int>(8));
}

// A command may change its folder, and KUBECONFIG must hold then as well.
TEST_F(WorkFolderTest, IsAbsoluteWhereTmpdirIsNot) {
  const fs::path before = fs::current_path();
  fs::current_path(parent_);
  ::setenv("TMPDIR", ".", 1);
  {
    const WorkFolder folder;
    EXPECT_TRUE(fs::path(folder.path()).is_absolute()) << folder.path();
  }
  fs::current_path(before);
}

TEST_F(WorkFolderTest, WhereNoneCanBeMadeItSaysWhy) {
  ::setenv("TMPDIR", (parent_ + "/none").c_str(), 1);
  const WorkFolder folder;
  EXPECT_EQ(folder.error(),
            "cannot make a folder in " + parent_ + "/none: No such file or directory");
}

}  // namespace
}  // namespace fakeapi::run

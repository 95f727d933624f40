// For tests: a folder of its own for the files of a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace fakeapi::client::test {

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string pattern = testing::TempDir() + "client-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() override { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, const std::string& text, mode_t mode = 0644) {
    const std::string path = path_ + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }

  std::string path_;
};

}  // namespace fakeapi::client::test

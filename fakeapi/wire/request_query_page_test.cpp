// The page that explains the questions, held to their table.
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fakeapi/wire/request_query.hpp"

namespace fakeapi::wire {
namespace {

TEST(RequestQueryPage, NamesEveryParameter) {
  std::ifstream file(PROJECT_SOURCE_DIR "/docs/control-api.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  for (const std::string_view key : request_query_keys()) {
    const bool named = page.find(fmt::format("`{}`", key)) != std::string::npos ||
                       page.find(fmt::format("{}=", key)) != std::string::npos;
    EXPECT_TRUE(named) << key;
  }
}

}  // namespace
}  // namespace fakeapi::wire

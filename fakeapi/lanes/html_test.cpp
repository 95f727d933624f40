// The page holds what a log says as data, and nothing of it as markup. tools/e2e/report_test.py
// reads it as a browser does, tools/browser/report_page_test.py in one.
#include "fakeapi/lanes/html.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/page/page.hpp"
#include "fakeapi/lanes/test_logs.hpp"
#include "fakeapi/lanes/vocabulary.hpp"

namespace fakeapi::lanes {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string data_of(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"fakeapi-events\">";
  const std::size_t from = page.find(opening) + opening.size();
  return page.substr(from, page.find("</script>", from) - from);
}

// A report is opened where there may be no script: in a mail, in a browser that is locked down.
TEST(ToHtml, HoldsTheStaticPicture) {
  const std::string page = to_html(sample("full-cluster-restart.jsonl"));
  EXPECT_THAT(page, HasSubstr("<svg "));
  EXPECT_THAT(page, HasSubstr(">STALE: 3/3 shown<"));
}

TEST(ToHtml, AllowsNothingButItsOwnScriptsAndStyle) {
  const std::string page = to_html({});
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe")));
  for (const page::EmbeddedFile& file : page::embedded_files()) {
    EXPECT_THAT(page, HasSubstr(std::string{file.text}));
    EXPECT_THAT(page, HasSubstr("'" + std::string{file.hash} + "'"));
  }
}

// What a script element may not hold (HTML Living Standard, 4.12.1.3).
TEST(ToHtml, HasStaticPartsThatNoTagCanEnd) {
  for (const page::EmbeddedFile& file : page::embedded_files()) {
    for (const char* part : {"</", "<!--", "<script"}) {
      EXPECT_EQ(file.text.find(part), std::string_view::npos) << file.name << " " << part;
    }
  }
}

TEST(ToHtml, KeepsTheEventsAsTheyAre) {
  const Event hostile{1, "truth/</script>", "mark", "a\"'&<b>\n\x1b\u202e"};
  const json rows = json::parse(data_of(to_html({hostile})));
  EXPECT_EQ(rows, (json::array({json::array({1.0, hostile.lane, hostile.what, hostile.why})})));
}

RC_GTEST_PROP(ToHtml, HoldsNoMarkupOfTheLog, ()) {
  const std::vector<Event> events = *any_log();
  const std::string page = to_html(events);
  const std::string data = data_of(page);
  RC_ASSERT(data.find_first_of("<>&") == std::string::npos);
  RC_ASSERT(std::all_of(data.begin(), data.end(),
                        [](char letter) { return letter >= ' ' && letter <= '~'; }));
  RC_ASSERT(json::parse(data).size() == in_order(events).size());
}

}  // namespace
}  // namespace fakeapi::lanes

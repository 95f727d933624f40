// The SVG is well-formed, needs nothing else, and no text of it covers another, whatever the log
// holds.
#include "fakeapi/lanes/svg.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/letters.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"
#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The first thing that keeps the document from being well-formed XML (XML 1.0, 2.1), as far as
/// this writer could err: tags that do not match, bare < and &, characters that XML forbids.
std::string malformed_at(const std::string& document) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < document.size(); ++at) {
    if (document[at] == '&') {
      static const std::regex entity{"&(amp|lt|gt|quot|#39);"};
      if (!std::regex_search(document.substr(at, 6), entity,
                             std::regex_constants::match_continuous)) {
        return document.substr(at, 20);
      }
    }
    if (document[at] != '<') continue;
    const std::size_t end = document.find('>', at);
    const std::string tag = document.substr(at + 1, end - at - 1);
    if (end == std::string::npos || tag.find('<') != std::string::npos)
      return document.substr(at, 20);
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return tag;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
    at = end;
  }
  return open.empty() ? "" : open.back() + " is not closed";
}

struct Words {
  std::string text;
  double left, right, top, bottom;
};

/// All texts with the room that they take in a wide font.
std::vector<Words> words_of(const std::string& svg) {
  static const std::regex element{
      R"re(<text x="([-.\d]+)" y="([-.\d]+)" font-size="([.\d]+)" font-weight="(\d+)" )re"
      R"re(fill="[^"]*" text-anchor="(\w+)">([^<]*)</text>)re"};
  std::vector<Words> all;
  for (std::sregex_iterator found{svg.begin(), svg.end(), element}, end; found != end; ++found) {
    const auto number = [&](std::size_t group) { return std::stod((*found)[group].str()); };
    std::string text = (*found)[6].str();
    for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      text = std::regex_replace(text, std::regex{entity}, "x");
    }
    const TextLook look{number(3), number(4) > 400, "", ""};
    const double width = width_px(text, look);
    const std::string anchor = (*found)[5].str();
    const double left = number(1) - (anchor == "end" ? width : anchor == "middle" ? width / 2 : 0);
    // Ascenders and descenders of DejaVu Sans, without the accents of capitals.
    all.push_back({text, left, left + width, number(2) - 0.76 * look.size_px,
                   number(2) + 0.24 * look.size_px});
  }
  return all;
}

std::optional<std::string> overlap_in(const std::string& svg) {
  const auto words = words_of(svg);
  for (std::size_t a = 0; a < words.size(); ++a) {
    if (words[a].right > 1000 || words[a].left < 0) return words[a].text + " leaves the page";
    for (std::size_t b = 0; b < a; ++b) {
      // Coordinates are written with one decimal.
      constexpr double rounding = 0.2;
      if (words[a].left < words[b].right - rounding && words[b].left < words[a].right - rounding &&
          words[a].top < words[b].bottom - rounding && words[b].top < words[a].bottom - rounding) {
        return words[a].text + " | " + words[b].text;
      }
    }
  }
  return std::nullopt;
}

std::string svg_of(const std::string& name) { return to_svg(make_picture(sample(name))); }

TEST(ToSvg, IsWellFormed) {
  EXPECT_EQ(malformed_at(svg_of("full-cluster-restart.jsonl")), "");
  EXPECT_EQ(malformed_at(svg_of("dependency-lost.jsonl")), "");
  EXPECT_EQ(malformed_at(svg_of("restart-with-clients.jsonl")), "");
}

// A README shows it as an image, where scripts and other files are not loaded.
TEST(ToSvg, NeedsNothingFromOutside) {
  const std::string svg = svg_of("full-cluster-restart.jsonl");
  for (const char* part : {"<script", "href", "<image", "@import", "url(http", "<style"}) {
    EXPECT_THAT(svg, Not(HasSubstr(part)));
  }
}

// SVG 1.1, 5.4, and the WAI-ARIA graphics practice: a title and a description that a screen reader
// reads.
TEST(ToSvg, TellsAScreenReaderWhatItShows) {
  const std::string svg = svg_of("full-cluster-restart.jsonl");
  EXPECT_THAT(svg, HasSubstr("<title id=\"lanes-title\">Full-cluster restart"));
  EXPECT_THAT(svg, HasSubstr("aria-labelledby=\"lanes-title lanes-desc\""));
  EXPECT_THAT(svg, HasSubstr("curl and jq (2017): wrong at 6.1 s, nothing listened."));
}

TEST(ToSvg, SaysWhatTheTextSays) {
  const std::string svg = svg_of("full-cluster-restart.jsonl");
  for (const char* part : {">STALE: 3/3 shown<", ">WRONG<", ">RIGHT<", ">0/3: nothing listens<",
                           ">Mechanism<", "starts its workload at 6.1 s: nothing listened"}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
}

TEST(ToSvg, CountsWhatFallsTogether) {
  std::vector<Event> log{{600, "", "end", ""}};
  for (int index = 0; index < 37; ++index) {
    log.push_back({300 + index * 0.01, "client/curl", "answered 200", "get pods /api/v1/pods"});
  }
  EXPECT_THAT(to_svg(make_picture(log)), HasSubstr(">×37<"));
}

// However long the log: a browser draws some thousand elements at once, not a hundred thousand.
TEST(ToSvg, StaysSmallForTenThousandRequests) {
  std::vector<Event> log;
  for (int index = 0; index < 10000; ++index) {
    log.push_back(
        {index * 0.1, "client/curl", index % 3 == 0 ? "answered 503" : "answered 200", ""});
  }
  EXPECT_LT(to_svg(make_picture(log)).size(), 100'000U);
}

// A log is not trusted with the page that shows its picture.
TEST(ToSvg, EscapesTextsOfTheLog) {
  const std::string svg = to_svg(make_picture(
      {{0, "", "title", "<script>alert(1)</script>"}, {1, "truth/a\"&'b", "ready 1/1", "\x1b"}}));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_EQ(malformed_at(svg), "");
}

TEST(ToSvg, KeepsTheTextsOfTheSamplesApart) {
  // As many as the reader counts, so that the check below cannot be blind.
  EXPECT_GT(words_of(svg_of("full-cluster-restart.jsonl")).size(), 40U);
  EXPECT_EQ(overlap_in(svg_of("full-cluster-restart.jsonl")), std::nullopt);
  EXPECT_EQ(overlap_in(svg_of("dependency-lost.jsonl")), std::nullopt);
  EXPECT_EQ(overlap_in(svg_of("restart-with-clients.jsonl")), std::nullopt);
}

RC_GTEST_PROP(ToSvg, IsWellFormedAndKeepsTextsApartForEveryLog, ()) {
  const std::string svg = to_svg(make_picture(*any_log()));
  RC_ASSERT(malformed_at(svg) == "");
  const auto overlap = overlap_in(svg);
  RC_LOG() << overlap.value_or("");
  RC_ASSERT(!overlap);
}

}  // namespace
}  // namespace fakeapi::lanes

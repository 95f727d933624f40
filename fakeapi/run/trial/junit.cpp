#include "fakeapi/run/trial/junit.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace fakeapi::run {
namespace {

// How long the character is that begins here; 0: it is no UTF-8, which no reader of XML takes (XML
// 1.0, 4.3.3). What a command printed may be cut anywhere.
std::size_t length_of_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  return length;
}

// XML 1.0, 2.2: control characters but tab and line ends cannot be in a document at all.
std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t length = length_of_character(std::string_view(text).substr(at));
    at += std::max<std::size_t>(length, 1);
    if (length != 1) {
      out += length == 0 ? "?" : text.substr(at - length, length);
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

std::string test_case(const std::string& suite, const scenario::Finding& finding) {
  const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", suite,
                                       escaped(finding.expectation));
  if (finding.met) return head + "/>\n";
  return fmt::format("{}>\n      <failure message=\"{}\"/>\n    </testcase>\n", head,
                     escaped(finding.reason));
}

}  // namespace

std::string to_junit(const std::vector<Verdict>& verdicts) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Verdict& verdict : verdicts) {
    const std::string suite = escaped(fmt::format("{} (seed {})", verdict.scenario, verdict.seed));
    std::vector<scenario::Finding> findings = verdict.findings;
    // A suite without a case is left out by some readers.
    if (findings.empty()) findings.push_back({"it was run", true, verdict.how_it_ended});
    const auto failures =
        std::count_if(findings.begin(), findings.end(), [](const auto& one) { return !one.met; });
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n",
        suite, findings.size(), failures, verdict.seconds);
    for (const scenario::Finding& finding : findings) out += test_case(suite, finding);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace fakeapi::run

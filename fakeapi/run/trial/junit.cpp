#include "fakeapi/run/trial/junit.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fakeapi::run {
namespace {

// XML 1.0, 2.2: control characters but tab and line ends cannot be in a document at all.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
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

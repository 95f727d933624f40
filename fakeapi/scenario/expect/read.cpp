#include "fakeapi/scenario/expect/read.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/expect/lint.hpp"
#include "fakeapi/scenario/expect/requests_named.hpp"
#include "fakeapi/scenario/fault/read.hpp"
#include "fakeapi/scenario/fault/scalars.hpp"
#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

class ExpectReader {
 public:
  ExpectReader(const Node& node, const Checked& checked, Report& report)
      : node_(node), checked_(checked), report_(report) {}

  Expectations read(const std::vector<std::string>* services) {
    if (const Node* exit = find("exit")) expect_.exit = read_exit(*exit);
    if (const Node* between = find("between")) expect_.between = fault::parse_window(between->text);
    if (const Node* truth = find("truth")) read_truth(*truth, services);
    if (const Node* order = find("order")) {
      for (const Node* item : checked_.items(*order))
        expect_.order.push_back({item->text, *parse_requests_named(item->text)});
    }
    if (const Node* most = find("at-most")) expect_.at_most = read_counts(*most);
    if (const Node* least = find("at-least")) expect_.at_least = read_counts(*least);
    if (const Node* no = find("no")) expect_.no = read_rules(*no);
    if (const Node* says = find("says")) {
      for (const Node* item : checked_.items(*says)) expect_.says.push_back(item->text);
    }
    check_together();
    return std::move(expect_);
  }

 private:
  const Node* find(std::string_view key) const { return checked_.find(node_, key); }

  ExitWish read_exit(const Node& node) {
    ExitWish wish;
    wish.running = node.text == "running";
    wish.any = node.text == "any";
    if (wish.running || wish.any) return wish;
    for (const Node* item : checked_.items(node))
      wish.codes.push_back(static_cast<int>(*parse_number(item->text)));
    return wish;
  }

  void read_truth(const Node& node, const std::vector<std::string>* services) {
    for (const auto& [name, value] : checked_.entries(node)) {
      expect_.truth.emplace_back(name->text, static_cast<int>(*parse_number(value->text)));
      if (services == nullptr) continue;
      if (std::find(services->begin(), services->end(), name->text) != services->end()) continue;
      report_.add(name->place, fmt::format("no Service is called {}", shown(*name)),
                  closest(name->text, {services->begin(), services->end()}));
    }
  }

  std::vector<Counts> read_counts(const Node& node) {
    std::vector<Counts> all;
    for (const Node* item : checked_.items(node)) {
      Counts counts;
      if (const Node* request = checked_.find(*item, "request"))
        counts.request = fault::read_match(*request, checked_);
      const auto number = [&](std::string_view key, std::optional<std::uint64_t>& into) {
        const Node* value = checked_.find(*item, key);
        if (value != nullptr) into = static_cast<std::uint64_t>(*parse_number(value->text));
      };
      number("requests", counts.requests);
      number("requests-per-second", counts.requests_per_second);
      number("connections", counts.connections);
      number("watches", counts.watches);
      const bool none =
          !counts.requests && !counts.requests_per_second && !counts.connections && !counts.watches;
      if (none && checked_.is_complete(*item)) {
        report_.add(item->place,
                    "it limits nothing: give requests, requests-per-second, connections or "
                    "watches");
      }
      all.push_back(std::move(counts));
    }
    return all;
  }

  std::vector<std::string> read_rules(const Node& node) {
    std::vector<std::string> rules;
    for (const Node* item : checked_.items(node)) {
      if (item->text != "all") {
        rules.push_back(item->text);
        continue;
      }
      for (const LintRule& rule : lint_rules()) rules.emplace_back(rule.name);
    }
    return rules;
  }

  void check_together() {
    if (!expect_.between || !expect_.exit || !expect_.exit->running) return;
    report_.add(find("between")->place,
                "a program that still runs at the end does not end between two times");
  }

  const Node& node_;
  const Checked& checked_;
  Report& report_;
  Expectations expect_;
};

}  // namespace

Expectations read_expectations(const Node& node, const Checked& checked,
                               const std::vector<std::string>* services, Report& report) {
  return ExpectReader(node, checked, report).read(services);
}

}  // namespace fakeapi::scenario

#include "fakeapi/scenario/read_faults.hpp"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/fault/read.hpp"

namespace fakeapi::scenario {
namespace {

constexpr std::size_t faults_max = 256;  // each is looked at for each request

// The first fault that fits wins, so a second for the same requests is good only as what holds
// outside of the first one's window. Two windows of which neither is inside the other are a slip.
void check_overlap(const fault::Fault& first, const fault::Fault& second, Place place,
                   Report& report) {
  const fault::Match all;
  const bool counts = second.match.nth_first != all.nth_first ||
                      second.match.nth_last != all.nth_last || first.match.fraction < 1;
  const bool same_layer = (first.action.connect == fault::ConnectFault::none) ==
                          (second.action.connect == fault::ConnectFault::none);
  if (!same_layer || counts || !(first.match == second.match || first.match == all)) return;
  const fault::Window& a = first.window;
  const fault::Window& b = second.window;
  if (a.from <= b.from && b.to <= a.to) {
    report.add(place, fmt::format("\"{}\" can never happen: \"{}\" stands before it and meets "
                                  "all of its requests, and the first that fits wins",
                                  second.name, first.name));
    return;
  }
  const bool overlap = a.from < b.to && b.from < a.to;
  const bool holds_first = b.from <= a.from && a.to <= b.to;
  if (!overlap || holds_first || !(first.match == second.match)) return;
  report.add(place, fmt::format("the windows of \"{}\" and \"{}\" overlap, and the first always "
                                "wins there: part them, or match other requests",
                                first.name, second.name));
}

}  // namespace

std::vector<fault::Fault> read_faults(const Node& node, const Checked& checked, Report& report) {
  std::vector<fault::Fault> faults;
  if (node.values.size() > faults_max) {
    report.add(node.place, fmt::format("more than {} faults", faults_max));
    return faults;
  }
  for (const Node* item : checked.items(node)) {
    const Node* name = checked.find(*item, "name");
    const Node* window = checked.find(*item, "window");
    auto fault = fault::read_fault(*item, checked, name == nullptr ? "" : name->text, report);
    for (const fault::Fault& earlier : faults) {
      if (!fault.name.empty() && earlier.name == fault.name)
        report.add(name->place, fmt::format("two faults are called {}", shown(*name)));
      check_overlap(earlier, fault, (window == nullptr ? *item : *window).place, report);
      if (fault.action.replica && earlier.action.replica) {
        report.add(checked.find(*item, "replica")->place,
                   fmt::format("there is one replica, and \"{}\" has it", earlier.name));
      }
    }
    faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace fakeapi::scenario

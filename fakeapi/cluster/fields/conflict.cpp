// The words of a conflict. One is said on a line; several are listed under their managers.
#include "fakeapi/cluster/fields/conflict.hpp"

#include <fmt/format.h>

#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

// An applier's name is all that tells it; of an updater the version does as well. Times are no part
// of a manager's identity, so none is ever printed.
std::string words_for(const ManagerEntry& entry) {
  std::string out = go_quoted(entry.manager);
  if (!entry.subresource.empty())
    out += fmt::format(" with subresource {}", go_quoted(entry.subresource));
  if (!entry.applied) out += fmt::format(" using {}", entry.api_version);
  return out;
}

}  // namespace

Failure apply_conflict(const Conflicts& conflicts, const Managers& managers) {
  StatusDetails details;
  std::string lines;
  std::string last;
  for (const Conflict& one : conflicts) {
    const std::string manager = words_for(managers.at(one.manager));
    const std::string path = display(one.path);
    details.causes.push_back({"FieldManagerConflict", "conflict with " + manager, path});
    if (one.manager != last)
      lines += fmt::format("{}conflicts with {}:", lines.empty() ? "" : "\n", manager);
    lines += "\n- " + path;
    last = one.manager;
  }
  const std::string message =
      conflicts.size() == 1
          ? fmt::format("Apply failed with 1 conflict: {}: {}", details.causes.front().message,
                        details.causes.front().field)
          : fmt::format("Apply failed with {} conflicts: {}", conflicts.size(), lines);
  return {409, "Conflict", message, std::move(details), {}};
}

}  // namespace fakeapi::cluster::fields

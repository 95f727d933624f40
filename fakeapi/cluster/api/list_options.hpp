// The options of a list or a watch, decoded and checked (apimachinery
// meta/internalversion/validation).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/watch_list.hpp"

namespace fakeapi::cluster {

struct ListOptions {
  std::string resource_version;  // as sent
  std::string resource_version_match;
  std::string continue_token;
  std::uint64_t limit = 0;  // 0: none
  std::optional<bool> send_initial_events;
  bool allow_watch_bookmarks = false;
  std::uint64_t timeout_seconds = 0;  // 0: not given
};

/// 400 for numbers that are none.
Result<ListOptions> read_list_options(const Uri& uri);

/// The combinations that are forbidden: 422.
std::optional<Failure> validate_list(const ListOptions& options);
std::optional<Failure> validate_watch(const ListOptions& options, WatchList watch_list);

/// Takes out what a server of that age does not know in a watch: it never looks at it.
void forget_unknown(ListOptions& options, WatchList watch_list);

}  // namespace fakeapi::cluster

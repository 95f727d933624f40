// The page that looks on (docs/control-api.md): lanes, clock, faults and streams of a running
// server. It is one answer without any secret in it; the page asks the control API for the rest.
#pragma once

#include <string_view>

#include "fakeapi/cluster/message.hpp"

namespace fakeapi::run {

inline constexpr std::string_view live_page_path = "/_fakeapi/";

bool asks_for_page(const cluster::Request& request);
cluster::Response live_page();

}  // namespace fakeapi::run

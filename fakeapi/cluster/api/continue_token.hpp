// The token between two pages of a list: where the next page begins and which version all pages
// show (apiserver storage/continue.go).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster {

struct ContinueToken {
  std::optional<std::uint64_t> version;  // nothing: go on with whatever is newest
  std::optional<Key> after;
};

/// `namespace_name` is that of the request: keys are written relative to it.
std::string encode_continue(const ContinueToken& token, std::string_view namespace_name);
std::optional<ContinueToken> decode_continue(std::string_view text,
                                             std::string_view namespace_name);

}  // namespace fakeapi::cluster

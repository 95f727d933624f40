// A broken invariant is a bug of this program and never of its surroundings: it throws, in release
// as well, with the values that show it. The mains turn it into exit code 125; nothing in between
// catches it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace waiter::core {

struct BrokenInvariant : std::logic_error {
  using std::logic_error::logic_error;
};

inline void invariant(bool holds, std::string_view what, std::string_view first = {},
                      std::string_view second = {}) {
  if (holds) return;
  std::string text(what);
  for (const std::string_view value : {first, second}) {
    if (!value.empty()) text.append(": ").append(value);
  }
  throw BrokenInvariant(text);
}

}  // namespace waiter::core

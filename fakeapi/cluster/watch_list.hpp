// How old the server is, as far as watches tell: what it makes of sendInitialEvents.
#pragma once

namespace fakeapi::cluster {

enum class WatchList {
  on,       // since 1.34, and in 1.32: initial events, then a bookmark that ends them
  off,      // its feature gate is off, as by default in 1.27 to 1.31 and 1.33: 422
  unknown,  // 1.19 to 1.26: resourceVersionMatch is known, and forbidden for watches: 422
  ignored   // before 1.19 both words mean nothing: initial events, and no end of them is told
};

}  // namespace fakeapi::cluster

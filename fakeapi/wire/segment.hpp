// What a body is made of on its way to a client: pieces, each of them one chunk of HTTP, which may
// come in parts and may break off.
#pragma once

#include <cstddef>

#include "fakeapi/cluster/message.hpp"

namespace fakeapi::wire {

/// The bytes [from, to) of a piece, or why there are none. The parts of a piece come in order; its
/// chunk is announced with the size of the whole piece when its first part is sent. Where framing
/// does not matter (the simulator), only the bytes do.
struct Segment {
  enum class State {
    ready,
    idle,   // nothing now: wait for on_ready or for deadline()
    ended,  // in order: the last chunk, the connection stays usable
    cut,    // close the connection without the last chunk, or before the whole length
    reset   // the same with RST
  };
  State state = State::idle;
  cluster::Bytes piece;
  std::size_t from = 0;
  std::size_t to = 0;
};

}  // namespace fakeapi::wire

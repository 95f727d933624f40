// What a fault does to one body, from its first byte to its end: it takes the pieces that the
// cluster has to say, and gives what the client is to see of them. Time and events are its only
// input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "fakeapi/wire/fault_plan.hpp"
#include "fakeapi/wire/segment.hpp"

namespace fakeapi::wire {

/// Where the undisturbed body comes from; kept by the exchange.
struct BodySource {
  cluster::Bytes body;                           // of an answer that is no stream
  std::unique_ptr<cluster::WatchStream> stream;  // else this

  cluster::WatchStream::Piece next(cluster::Instant now);
  std::optional<cluster::Instant> deadline() const;
};

/// How much of a body of that size is sent before the fault's effect.
std::size_t kept_bytes(const fault::BodyFault& fault, std::size_t size);

class Disturbance {
 public:
  explicit Disturbance(Decision decision) : decision_(std::move(decision)) {}

  /// The first call begins the stream.
  Segment next(cluster::Instant now, BodySource& source);
  /// When next() must be asked again although nothing was reported.
  std::optional<cluster::Instant> deadline(const BodySource& source) const;

 private:
  using State = Segment::State;
  struct Part {
    cluster::Bytes piece;
    std::size_t to = 0;  // less than the piece holds: it breaks off here
  };

  bool due(cluster::Instant now) const;
  /// The next piece, disturbed; state ready: it is in part_.
  State advance(cluster::Instant now, BodySource& source);
  State begin_effect(BodySource& source);
  State apply(cluster::Bytes piece);
  State cut_body(cluster::Bytes body);
  State source_ended(State state);
  State end_with(State state, BodySource& source);
  State say(cluster::Bytes piece);
  State say_and_end(Part part, State end);
  Segment pace(cluster::Instant now);

  const fault::Action& action() const { return decision_.fault->action; }

  Decision decision_;
  std::optional<cluster::Instant> began_;
  std::uint64_t events_ = 0;
  bool fired_ = false;
  bool armed_ = false;         // the effect waits for an event
  std::optional<State> over_;  // what is said from now on, when part_ and later_ are empty
  cluster::Bytes later_;       // comes next
  cluster::Bytes held_;        // an event that lets the one behind it pass

  Part part_;
  std::size_t sent_ = 0;  // of part_
  cluster::Instant free_at_{};
};

}  // namespace fakeapi::wire

// Two layers: advance() decides which piece comes next and where it breaks off, pace() gives it out
// no faster than the bandwidth allows.
#include "fakeapi/wire/disturbance.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fakeapi/wire/fault_answer.hpp"

namespace fakeapi::wire {
namespace {

using cluster::Bytes;
using cluster::Instant;

// A body that is slowed down comes in steps of a twentieth of a second: smooth to a client, and few
// enough for a server that slows many. A step is at most a TLS record.
constexpr std::uint64_t steps_per_second = 20;
constexpr std::uint64_t step_bytes_max = 16U << 10U;

Bytes bytes_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool waits_for_event(fault::StreamEffect effect) {
  switch (effect) {
    case fault::StreamEffect::cut_event:
    case fault::StreamEffect::cut_chunk:
    case fault::StreamEffect::cut_character:
    case fault::StreamEffect::duplicate:
    case fault::StreamEffect::reorder:
    case fault::StreamEffect::drop:
      return true;
    default:
      return false;
  }
}

// An event without such a character is given one, at the end of its last text: to the client that
// is an object that had it.
Bytes cut_inside_character(const std::string& event) {
  const auto inside = std::find_if(event.begin(), event.end(), is_continuation);
  if (inside != event.end()) return bytes_of(std::string(event.begin(), inside));
  const std::size_t quote = event.rfind('"');
  const std::size_t kept = quote == std::string::npos ? event.size() / 2 : quote;
  return bytes_of(event.substr(0, kept) + "\xE2\x82");
}

}  // namespace

cluster::WatchStream::Piece BodySource::next(Instant now) {
  using State = cluster::WatchStream::State;
  if (stream) return stream->next(now);
  if (Bytes whole = std::exchange(body, nullptr)) return {State::ready, std::move(whole)};
  return {State::ended, nullptr};
}

std::optional<Instant> BodySource::deadline() const {
  return stream ? stream->deadline() : std::nullopt;
}

std::size_t kept_bytes(const fault::BodyFault& fault, std::size_t size) {
  const double share = static_cast<double>(size) * fault.after_fraction;
  const std::uint64_t kept = fault.after_bytes.value_or(static_cast<std::uint64_t>(share));
  return static_cast<std::size_t>(std::min<std::uint64_t>(kept, size));
}

Segment Disturbance::next(Instant now, BodySource& source) {
  if (!began_) began_ = now;
  if (sent_ < part_.to) return pace(now);
  // What was sent last is on its way for as long as the bandwidth takes.
  if (now < free_at_) return {};
  part_ = {};
  sent_ = 0;
  const State state = advance(now, source);
  return state == State::ready ? pace(now) : Segment{state, nullptr, 0, 0};
}

std::optional<Instant> Disturbance::deadline(const BodySource& source) const {
  if (sent_ < part_.to) return free_at_;
  std::optional<Instant> due;
  if (!over_) due = source.deadline();
  const auto& stream = action().stream;
  if (stream && source.stream && !fired_ && began_ && events_ >= stream->after_events) {
    const Instant effect = *began_ + stream->after;
    if (!due || effect < *due) due = effect;
  }
  if (part_.to > 0) due = std::max(due.value_or(free_at_), free_at_);
  return due;
}

Segment Disturbance::pace(Instant now) {
  const std::uint64_t rate = action().bandwidth_bytes_per_second;
  const std::size_t from = sent_;
  if (rate == 0) {
    sent_ = part_.to;
    return {State::ready, part_.piece, from, part_.to};
  }
  if (now < free_at_) return {};
  const std::uint64_t step = std::clamp<std::uint64_t>(rate / steps_per_second, 1, step_bytes_max);
  sent_ = std::min<std::size_t>(part_.to, from + step);
  const double seconds = static_cast<double>(sent_ - from) / static_cast<double>(rate);
  free_at_ =
      now + std::chrono::duration_cast<cluster::Duration>(std::chrono::duration<double>(seconds));
  return {State::ready, part_.piece, from, sent_};
}

bool Disturbance::due(Instant now) const {
  const auto& stream = action().stream;
  return stream && !fired_ && events_ >= stream->after_events && now >= *began_ + stream->after;
}

Disturbance::State Disturbance::advance(Instant now, BodySource& source) {
  while (true) {
    if (later_) return say(std::exchange(later_, nullptr));
    if (over_) return *over_;
    if (source.stream && due(now)) {
      fired_ = true;
      armed_ = waits_for_event(action().stream->then);
      if (!armed_) return begin_effect(source);
    }
    auto piece = source.next(now);
    switch (piece.state) {
      case cluster::WatchStream::State::idle:
        return State::idle;
      case cluster::WatchStream::State::ended:
        return source_ended(State::ended);
      case cluster::WatchStream::State::cut:
        return source_ended(State::cut);
      case cluster::WatchStream::State::ready:
        break;
    }
    if (!piece.bytes) continue;
    if (!source.stream) return cut_body(std::move(piece.bytes));
    if (apply(std::move(piece.bytes)) == State::ready) return State::ready;
  }
}

// What comes to pass without an event to work on.
Disturbance::State Disturbance::begin_effect(BodySource& source) {
  switch (action().stream->then) {
    case fault::StreamEffect::close:
      return end_with(State::ended, source);
    case fault::StreamEffect::cut:
      return end_with(State::cut, source);
    case fault::StreamEffect::reset:
      return end_with(State::reset, source);
    case fault::StreamEffect::stall:
      return end_with(State::idle, source);
    default:
      break;
  }
  end_with(State::ended, source);
  return say(bytes_of(error_event(action().stream->then)));
}

// A stream that nobody will ask again holds nothing in the cluster.
Disturbance::State Disturbance::end_with(State state, BodySource& source) {
  source.stream.reset();
  over_ = state;
  return state;
}

Disturbance::State Disturbance::cut_body(Bytes body) {
  const auto& fault = action().body;
  // What is shortened is whole to HTTP: the exchange has done it.
  if (!fault || fault->then == fault::BodyEffect::shorten) return say(std::move(body));
  const std::size_t to = kept_bytes(*fault, body->size());
  static constexpr std::array<State, 3> ends{State::cut, State::reset, State::idle};
  return say_and_end({std::move(body), to}, ends[static_cast<std::size_t>(fault->then)]);
}

// ready: part_ is what comes; idle: nothing comes of this piece, go on with the next one.
Disturbance::State Disturbance::apply(Bytes piece) {
  ++events_;
  if (held_) {
    later_ = std::exchange(held_, nullptr);
    return say(std::move(piece));
  }
  if (!std::exchange(armed_, false)) return say(std::move(piece));
  const std::size_t size = piece->size();
  // Without its last brace and its line break nobody takes it for whole.
  const std::size_t place = size < 4 ? 1 : decision_.draws.position(1, size - 3);
  switch (action().stream->then) {
    case fault::StreamEffect::cut_event: {
      const Bytes half = bytes_of(piece->substr(0, place));
      return say_and_end({half, half->size()}, State::cut);
    }
    case fault::StreamEffect::cut_chunk:
      return say_and_end({std::move(piece), place}, State::cut);
    case fault::StreamEffect::cut_character: {
      const Bytes half = cut_inside_character(*piece);
      return say_and_end({half, half->size()}, State::cut);
    }
    case fault::StreamEffect::duplicate:
      later_ = piece;
      return say(std::move(piece));
    case fault::StreamEffect::reorder:
      held_ = std::move(piece);
      return State::idle;
    default:
      return State::idle;  // drop
  }
}

Disturbance::State Disturbance::source_ended(State state) {
  over_ = state;
  return held_ ? say(std::exchange(held_, nullptr)) : state;
}

Disturbance::State Disturbance::say(Bytes piece) {
  const std::size_t size = piece->size();
  part_ = {std::move(piece), size};
  return State::ready;
}

Disturbance::State Disturbance::say_and_end(Part part, State end) {
  over_ = end;
  part_ = std::move(part);
  return part_.to > 0 ? State::ready : end;
}

}  // namespace fakeapi::wire

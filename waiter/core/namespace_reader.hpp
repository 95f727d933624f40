// All that is read in one namespace for its dependencies: EndpointSlices in one list and watch, or
// Endpoints where those are forbidden or unknown. One resource at a time: two that are mixed would
// make one truth of two moments.
//
//   EndpointSlices of all Services, by label
//   -> Endpoints of the whole namespace (more than one Service)
//   -> Endpoints of each Service by name (rights that are restricted by resourceNames)
//   -> after a delay, from the beginning: a right may be granted late
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "waiter/core/backoff.hpp"
#include "waiter/core/reflector.hpp"

namespace waiter::core {

/// Where endpoints are read: `automatic` is EndpointSlices, and Endpoints where those are forbidden
/// or unknown.
enum class Source { automatic, slices, endpoints };

class NamespaceReader {
 public:
  NamespaceReader(std::string namespace_name, std::vector<std::string> services, Source source);

  /// Reflectors get numbers from `next_id` on, each once.
  void start(Instant now, ReflectorId& next_id, Random& random, Actions& actions);
  bool has(ReflectorId id) const;
  /// What happened to one of the reflectors, and what follows from it for the choice of resource.
  template <class Happened>
  void handle(Instant now, Happened event, ReflectorId& next_id, Random& random, Actions& actions) {
    Actions asked;
    find(event.reflector).handle(now, std::move(event), random, asked);
    settle(now, next_id, random, asked, actions);
  }
  void handle_deadline(Instant now, ReflectorId& next_id, Random& random, Actions& actions);
  std::optional<Instant> next_deadline() const;

  /// The one that reads the endpoints of this Service; null while none does.
  const Reflector* reads(const std::string& service) const;
  void confirm(const std::string& service, Instant now, Random& random, Actions& actions);
  /// Every way was forbidden: a person must grant something.
  bool forbidden() const;
  std::vector<SourceStatus> status() const;

 private:
  enum class Rung { slices, endpoints, endpoints_by_name };

  Reflector& find(ReflectorId id);
  std::vector<Selection> selections(Rung rung) const;
  void climb(Instant now, Rung rung, ReflectorId& next_id, Random& random, Actions& actions);
  void settle(Instant now, ReflectorId& next_id, Random& random, Actions& asked, Actions& actions);
  bool all_denied() const;
  void note_way(Actions& actions);
  void begin_again(Instant now, Random& random, Actions& actions);

  const std::string namespace_name_;
  const std::vector<std::string> services_;
  std::vector<Rung> ladder_;
  std::size_t step_ = 0;
  std::vector<Reflector> reflectors_;
  std::optional<Failure> first_denial_;  // of this climb
  std::optional<Failure> trouble_;       // every way was denied, and this was reported
  bool fallback_reported_ = false;
  Backoff backoff_;
  std::optional<Instant> start_at_;  // the next climb
};

}  // namespace waiter::core

// From what is, step by step, to what is sent and what begins or ceases to listen.
#pragma once

#include <vector>

#include "fakeapi/scenario/resolve.hpp"
#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::scenario {

/// The timeline's name is left empty. Every step stays, also one that changes nothing: its `why`
/// may be worth showing.
///
/// The order inside a step, and why:
///   1. api: down          nobody sees half a step: what follows is cut off from the clients first
///   2. controllers: paused  nothing of this step gets into Endpoints
///   3. what ceases to listen, then DELETEs and POSTs, then what begins to listen
///   4. the PATCHes        kubelet reports what is already true, never what will be
///   5. controllers: running  they see the whole step at once
///   6. api: up            who comes back finds the step done
Timeline expand(const Scenario& scenario, const std::vector<PodName>& pods,
                const std::vector<ResolvedStep>& steps);

}  // namespace fakeapi::scenario

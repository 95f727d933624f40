// The answers that a fault gives in the cluster's place: what an API server under load, one that
// shuts down or one that is broken would say to the same request.
#pragma once

#include <string>
#include <string_view>

#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::wire {

/// `user` is who asks; only 403 names it.
cluster::Response fault_answer(const fault::Respond& respond, const cluster::Attributes& attributes,
                               std::string_view user);

/// The line of an ERROR event, for the effects that are one; otherwise empty.
std::string error_event(fault::StreamEffect effect);

}  // namespace fakeapi::wire

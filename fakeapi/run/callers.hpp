// Who a request is from, by the bearer tokens that `serve` has made: for the control API and for
// the text of a refusal, which both stand before the cluster is asked.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/cluster/message.hpp"

namespace fakeapi::run {

/// "system:anonymous" when nobody has the token, or there is none.
std::string user_name_of(const cluster::Headers& headers, const std::vector<cluster::User>& users);

/// A member of system:masters.
bool is_administrator(const cluster::Headers& headers, const std::vector<cluster::User>& users);

}  // namespace fakeapi::run

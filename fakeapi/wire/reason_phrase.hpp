// The words after the number in a status line.
#pragma once

#include <string_view>

namespace fakeapi::wire {

/// Go's http.StatusText, which is on the wire of a real API server; "Status" for a number that has
/// none here.
std::string_view reason_phrase(int status);

}  // namespace fakeapi::wire

// Answers: a body with the headers that the API itself adds. Framing headers are the server's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/message.hpp"

namespace fakeapi::cluster {

Response json_response(int status, Bytes body);
Response text_response(int status, std::string text);
Response failure_response(const Failure& failure);

/// Warning: 299 - "text" (RFC 7234 5.5), one header for each.
void add_warning(Response& response, std::string_view text);
/// Each once; where there are too many for headers, the later ones are cut short and then left out
/// (apiserver endpoints/filters/warning.go).
void add_warnings(Response& response, const std::vector<std::string>& texts);

}  // namespace fakeapi::cluster

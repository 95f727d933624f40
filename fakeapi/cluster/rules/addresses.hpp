// IP addresses as text: what counts as one, and which are no address of a backend.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::cluster::addresses {

bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);

/// Why an address may not stand in Endpoints or an EndpointSlice: unspecified, loopback, link-local
/// (core validation, ValidateNonSpecialIP).
std::vector<std::string> special_errors(std::string_view ip, bool allow_loopback);

}  // namespace fakeapi::cluster::addresses

// Base64 (RFC 4648 4), and its form for URLs without padding (5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cluster {

std::string base64_encode(std::string_view bytes);
std::string base64url_encode(std::string_view bytes);
/// Either alphabet, with or without padding; nothing for other characters.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace fakeapi::cluster

// How values look on the wire: the order of an object's keys, versions as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster {

/// JSON without a line break: kind, apiVersion and metadata first, as kube-apiserver writes them,
/// then the rest.
std::string wire_text(const nlohmann::json& object);

/// The same for people: indented by two spaces (json.MarshalIndent in the original).
std::string pretty_text(const nlohmann::json& object);

/// A decimal number without sign that fits 64 bits; nothing for any other text.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// How many bytes the character at the front of `text`, which is not empty, has; none where there
/// is no character. RFC 3629 4: no overlong forms, no surrogates, nothing above U+10FFFF.
std::size_t character_bytes(std::string_view text);

/// Whether `text` is UTF-8 (RFC 3629). All that is stored must be: nothing else can be written as
/// JSON.
bool is_utf8(std::string_view text);
/// The same text with U+FFFD for each byte that is not part of a character, which is how Go's
/// encoding/json reads strings.
std::string as_utf8(std::string_view text);

/// `text` between double quotes, escaped as Go's %q escapes printable text.
std::string in_quotes(std::string_view text);

}  // namespace fakeapi::cluster

// JSON values as structured-merge-diff sees them: their order, and the texts that Go makes of them.
// The texts end up in field paths, in messages of the server and in an annotation, so they have to
// be Go's to the byte.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::fields {

/// Below zero, zero or above: numbers before strings, booleans, lists, maps and null; numbers by
/// what they are worth (value.Compare).
int compare_values(const nlohmann::json& left, const nlohmann::json& right);

/// A number that Go would hold as an integer. An unsigned number above 2^63 is a float there.
bool is_integer(const nlohmann::json& value);

/// JSON without spaces as encoding/json writes it: keys sorted, and <, >, &, U+2028 and U+2029
/// escaped.
std::string go_json(const nlohmann::json& value);

/// `text` between quotes, with the escapes that jsoniter writes for the key of an object.
std::string json_key(std::string_view text);

/// A value inside a path: strconv.Quote for strings (value.ToString).
std::string path_text(const nlohmann::json& value);

/// fmt's %q, %v, %#v and %T of a value in an interface{}.
std::string go_quoted(std::string_view text);
std::string go_text(const nlohmann::json& value);
std::string go_syntax(const nlohmann::json& value);
std::string_view go_type(const nlohmann::json& value);

/// Go's unicode.IsPrint, without the code points that Unicode has not assigned.
bool is_printable(char32_t rune);

/// Takes the first rune off `text`; U+FFFD for a byte that is no UTF-8.
char32_t take_rune(std::string_view& text);

}  // namespace fakeapi::cluster::fields

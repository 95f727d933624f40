// In a query, '+' is a space (net/url.ParseQuery); in a path it is itself.
#include "fakeapi/cluster/api/uri.hpp"

#include <algorithm>

namespace fakeapi::cluster {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = static_cast<char>(c | 0x20);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::string decode(std::string_view text, bool plus_is_space) {
  const auto absent = [text](char c) { return text.find(c) == std::string_view::npos; };
  if (absent('%') && (!plus_is_space || absent('+'))) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

template <class Visit>
void split(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const std::size_t at = text.find(separator);
    if (const std::string_view part = text.substr(0, at); !part.empty()) visit(part);
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
  }
}

}  // namespace

std::string_view Uri::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return {};
}

bool Uri::has(std::string_view name) const {
  return std::any_of(query.begin(), query.end(),
                     [&](const auto& one) { return one.first == name; });
}

std::optional<bool> Uri::flag(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  std::string value(parameter(name));
  for (char& c : value) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return value != "0" && value != "false";
}

Uri parse_uri(std::string_view target) {
  Uri uri;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  uri.path = decode(path, false);
  split(path, '/', [&](std::string_view part) { uri.segments.push_back(decode(part, false)); });
  if (mark == std::string_view::npos) return uri;
  split(target.substr(mark + 1), '&', [&](std::string_view part) {
    const std::size_t equals = part.find('=');
    uri.query.emplace_back(
        decode(part.substr(0, equals), true),
        equals == std::string_view::npos ? std::string() : decode(part.substr(equals + 1), true));
  });
  return uri;
}

}  // namespace fakeapi::cluster

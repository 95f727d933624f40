// Runes rather than bytes are looked at, so that a name is never cut inside of one.
#include "fakeapi/cluster/fields/manager_name.hpp"

#include <fmt/format.h>

#include "fakeapi/cluster/fields/value.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::fields {
namespace {

// meta/v1/validation, FieldManagerMaxLength.
constexpr std::size_t name_bytes_max = 128;

}  // namespace

std::string manager_name(std::string_view field_manager, std::string_view user_agent) {
  if (!field_manager.empty()) return as_utf8(field_manager);
  std::string_view rest = user_agent.substr(0, user_agent.find('/'));
  std::string out;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const char32_t rune = take_rune(rest);
    if (!is_printable(rune)) continue;
    // A byte that is no UTF-8 has become U+FFFD.
    const std::string_view bytes =
        rune == U'\ufffd' ? "\ufffd" : before.substr(0, before.size() - rest.size());
    if (out.size() + bytes.size() > name_bytes_max) break;
    out += bytes;
  }
  return out;
}

FieldErrors validate_field_manager(std::string_view name, std::string_view field) {
  FieldErrors errors;
  if (name.size() > name_bytes_max) {
    errors.push_back({"FieldValueTooLong",
                      fmt::format("Too long: may not be more than {} bytes", name_bytes_max),
                      std::string(field)});
  }
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t at = name.size() - rest.size();
    const char32_t rune = take_rune(rest);
    if (is_printable(rune)) continue;
    errors.push_back(invalid_value(std::string(field), go_quoted(name),
                                   fmt::format("invalid character U+{:04X} (at position {})",
                                               static_cast<unsigned>(rune), at)));
  }
  return errors;
}

}  // namespace fakeapi::cluster::fields

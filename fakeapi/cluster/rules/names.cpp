// Hand-written scanners instead of regular expressions: every create runs them, and std::regex is
// slow and recursive.
#include "fakeapi/cluster/rules/names.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fakeapi::cluster::names {
namespace {

// RFC 1123 2.1 and RFC 1035 2.3.1 as Kubernetes bounds them.
constexpr std::size_t subdomain_length_max = 253;
constexpr std::size_t label_length_max = 63;

constexpr const char* subdomain_text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr const char* label_text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr const char* label_1035_text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
    "validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr const char* qualified_text =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr const char* value_text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
    "for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower_or_digit(char c) { return lower(c) || digit(c); }
bool letter_or_digit(char c) { return lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

std::string too_long(std::size_t limit) {
  return fmt::format("must be no more than {} bytes", limit);
}

bool is_label(std::string_view s) {
  return !s.empty() && lower_or_digit(s.front()) && lower_or_digit(s.back()) &&
         std::all_of(s.begin(), s.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view s) {
  while (true) {
    const std::size_t dot = s.find('.');
    if (!is_label(s.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    s.remove_prefix(dot + 1);
  }
}

bool is_qualified(std::string_view s) {
  return !s.empty() && letter_or_digit(s.front()) && letter_or_digit(s.back()) &&
         std::all_of(s.begin(), s.end(),
                     [](char c) { return letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
}

// A generateName ends where the suffix will be: its trailing dash is as good as a letter.
std::string masked(std::string_view name, bool prefix) {
  std::string out(name);
  if (prefix && out.size() > 1 && out.back() == '-') out.back() = 'a';
  return out;
}

}  // namespace

std::vector<std::string> dns_subdomain(std::string_view name, bool prefix) {
  std::vector<std::string> errors;
  const std::string checked = masked(name, prefix);
  if (checked.size() > subdomain_length_max) errors.push_back(too_long(subdomain_length_max));
  if (!is_subdomain(checked)) errors.emplace_back(subdomain_text);
  return errors;
}

std::vector<std::string> dns_label(std::string_view name, bool prefix) {
  std::vector<std::string> errors;
  const std::string checked = masked(name, prefix);
  if (checked.size() > label_length_max) errors.push_back(too_long(label_length_max));
  if (!is_label(checked)) errors.emplace_back(label_text);
  return errors;
}

std::vector<std::string> dns_1035_label(std::string_view name, bool prefix) {
  std::vector<std::string> errors;
  const std::string checked = masked(name, prefix);
  if (checked.size() > label_length_max) errors.push_back(too_long(label_length_max));
  if (!is_label(checked) || !lower(checked.front())) errors.emplace_back(label_1035_text);
  return errors;
}

std::vector<std::string> port_name(std::string_view name) { return dns_label(name, false); }

// apimachinery api/validation/path/name.go
std::vector<std::string> path_segment(std::string_view name, bool prefix) {
  std::vector<std::string> errors;
  if (!prefix && (name == "." || name == ".."))
    errors.push_back(fmt::format("may not be '{}'", name));
  for (const char bad : {'/', '%'}) {
    if (name.find(bad) != std::string_view::npos)
      errors.push_back(fmt::format("may not contain '{}'", bad));
  }
  return errors;
}

std::vector<std::string> label_key(std::string_view key) {
  std::vector<std::string> errors;
  const std::size_t slash = key.find('/');
  std::string_view name = key;
  if (slash != std::string_view::npos) {
    const std::string_view prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (prefix.empty()) {
      errors.emplace_back("prefix part must be non-empty");
    } else {
      for (const std::string& one : dns_subdomain(prefix, false))
        errors.push_back("prefix part " + one);
    }
  }
  if (name.empty()) errors.emplace_back("name part must be non-empty");
  if (name.size() > label_length_max) {
    errors.push_back(fmt::format("name part {}", too_long(label_length_max)));
  }
  if (!is_qualified(name)) errors.emplace_back(qualified_text);
  return errors;
}

std::vector<std::string> label_value(std::string_view value) {
  std::vector<std::string> errors;
  if (value.size() > label_length_max) errors.push_back(too_long(label_length_max));
  if (!value.empty() && !is_qualified(value)) errors.emplace_back(value_text);
  return errors;
}

}  // namespace fakeapi::cluster::names

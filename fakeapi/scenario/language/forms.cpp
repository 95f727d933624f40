#include "fakeapi/scenario/language/forms.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <vector>

#include "fakeapi/scenario/expect/requests_named.hpp"
#include "fakeapi/scenario/fault/scalars.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/world/series.hpp"

namespace fakeapi::scenario {
namespace {

// No name of Kubernetes is longer (RFC 1123 subdomain).
constexpr std::size_t name_bytes_max = 253;

bool is_one_line(std::string_view text) {
  return !text.empty() && text != "\n" && text.find('\n') >= text.size() - 1;
}
bool is_text(std::string_view text) { return !text.empty(); }
bool is_any(std::string_view text) {
  return text.size() <= name_bytes_max && text.find('\n') == std::string_view::npos;
}
bool is_name(std::string_view text) { return !text.empty() && is_any(text); }

bool is_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration && *duration >= cluster::Duration{} && *duration <= duration_max;
}
bool is_address(std::string_view text) { return text == "new" || parse_address(text); }
bool is_pod_pattern(std::string_view text) {
  return is_name(text) && text.find('*') >= text.size() - 1;
}

// Literals, so that patterns can be put together without being built at run time.
#define GO_DURATION "[+-]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)"

const std::vector<FormRow>& rows() {
  static const std::vector<FormRow> table{
      {Form::integer, "number", "a number", nullptr, "", true},
      {Form::share, "number", "a number", nullptr, "", true},
      {Form::boolean, "true or false", "true or false", nullptr, "", false},
      {Form::sentence, "sentence", "a text of one line", is_one_line, "", true},
      {Form::text, "text", "a text", is_text, "", true},
      {Form::file, "file", "a file's name", is_one_line, "", true},
      {Form::duration, "duration", "a duration such as 300ms, 2s or 1m30s", is_duration,
       "^" GO_DURATION "$", false},
      {Form::moment, "duration", "a duration such as 2s, 700ms ± 200ms or uniform(1s, 3s)",
       [](std::string_view text) { return parse_distribution(text).has_value(); },
       "^(" GO_DURATION "|" GO_DURATION " *(±|\\+-) *" GO_DURATION "|uniform\\( *" GO_DURATION
       " *, *" GO_DURATION " *\\)|lognormal\\( *" GO_DURATION " *, *[0-9.eE+-]+ *\\))$",
       false},
      {Form::series, "series", "a series such as \"3x9 0x19 1 2 3x~\"",
       [](std::string_view text) { return parse_series(text).has_value(); },
       "^\\s*([0-9]+|_)(x([0-9]+|~))?(\\s+([0-9]+|_)(x([0-9]+|~))?)*\\s*$", true},
      {Form::window, "window", "a window such as 5s..15s, 5s.. or ..15s, from before to",
       [](std::string_view text) { return fault::parse_window(text).has_value(); },
       "^ *(" GO_DURATION ")? *\\.\\. *(" GO_DURATION ")? *$", false},
      {Form::nth, "count", "a count such as 3, 2..5 or 2.., from 1 on",
       [](std::string_view text) { return fault::parse_nth(text).has_value(); },
       "^([0-9]+|[0-9]*\\s*\\.\\.\\s*[0-9]*)$", true},
      {Form::size, "size", "a size such as 2KiB",
       [](std::string_view text) { return fault::parse_size(text).has_value(); },
       "^[0-9]+(B|KiB|MiB)$", false},
      {Form::rate, "rate", "a rate such as 4KiB/s",
       [](std::string_view text) { return fault::parse_rate(text).has_value(); },
       "^[0-9]+(B|KiB|MiB)/s$", false},
      {Form::label, "name", "a DNS label: at most 63 of a-z, 0-9 and -", is_dns_1123_label,
       "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", true},
      {Form::service_name, "name",
       "a DNS label (RFC 1035): at most 63 of a-z, 0-9 and -, beginning with a letter",
       is_dns_1035_label, "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", false},
      {Form::port_name, "name", "an IANA service name: at most 15 of a-z, 0-9 and -, with a letter",
       is_port_name, "^[a-z0-9-]{1,15}$", false},
      {Form::pod_pattern, "Pod", "a Pod's name, or a prefix and *", is_pod_pattern, "^[^*]*\\*?$",
       true},
      {Form::name_pattern, "name or beginning*", "a text of 1 to 253 bytes", is_name,
       "^[^\\n]{1,253}$", true},
      {Form::text_or_none, "text", "a text of at most 253 bytes", is_any, "^[^\\n]{0,253}$", true},
      {Form::object_name, "name", "the name of an object", is_name, "^[^\\n]{1,253}$", true},
      {Form::address, "address or new", "an IPv4 address inside 10.20.0.0/16 or the word new",
       is_address, "^(new|10\\.20\\.[0-9]{1,3}\\.[0-9]{1,3})$", false},
      {Form::requests_named, "VERB RESOURCE",
       "requests such as \"list endpointslices\", \"list|watch endpoints*\" or \"watch\"",
       [](std::string_view text) { return parse_requests_named(text).has_value(); },
       "^[a-z|]+( [^ ]+)?$", false},
  };
  return table;
}

#undef GO_DURATION

}  // namespace

const FormRow& row_of(Form form) {
  const auto row = std::find_if(rows().begin(), rows().end(),
                                [&](const FormRow& each) { return each.form == form; });
  assert(row != rows().end() && "a form has no row");
  return *row;
}

}  // namespace fakeapi::scenario

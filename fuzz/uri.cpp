// Request targets and what stands in them: path, query, the resource they name, continue tokens.
#include "fakeapi/cluster/api/uri.hpp"

#include "fakeapi/cluster/api/continue_token.hpp"
#include "fakeapi/cluster/api/list_options.hpp"
#include "fakeapi/cluster/api/route.hpp"
#include "fuzz/check.hpp"

namespace {

using namespace fakeapi::cluster;

void check_token(std::string_view text, std::string_view space) {
  const auto token = decode_continue(text, space);
  if (!token) return;
  fuzz::check(token->after.has_value(), "a token says where the next page begins");
  // Relative to no namespace the whole key is written.
  const auto again = decode_continue(encode_continue(*token, {}), space);
  fuzz::check(again && again->version == token->version && again->after &&
                  again->after->namespace_name == token->after->namespace_name &&
                  again->after->name == token->after->name,
              "a token that is written again reads as the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const Uri uri = parse_uri(input);
  fuzz::check(uri.path.size() <= input.size(), "decoding makes nothing longer");
  for (const char* method : {"GET", "POST", "DELETE", "x"}) {
    const Attributes attributes = attributes_of(method, uri);
    fuzz::check(
        !attributes.is_resource || !attributes.version.empty() || input.find("//") != input.npos,
        "a resource has a version");
  }
  if (const auto options = read_list_options(uri)) {
    validate_list(*options);
    validate_watch(*options, WatchList::on);
  }
  check_token(input, "default");
  check_token(uri.parameter("continue"), {});
  return 0;
}

// The headers that kube-apiserver sets on every answer, beside Content-Type.
#include "fakeapi/cluster/api/respond.hpp"

#include <algorithm>
#include <set>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

// cacher/watch_cache.go blockTimeout: how long a read waits for a version that is not there yet.
constexpr Duration fresh_wait = std::chrono::seconds(3);

// filters/warning.go, truncateAtTotalRunes and truncateItemRunes.
constexpr std::size_t warning_runes_max = 4 * 1024;
constexpr std::size_t cut_warning_runes_max = 256;

bool starts_rune(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

std::size_t runes(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_rune));
}

std::string_view first_runes(std::string_view text, std::size_t count) {
  const auto end = std::find_if(text.begin(), text.end(),
                                [&](char c) { return starts_rune(c) && count-- == 0; });
  return {text.begin(), end};
}

// util/net/http.go, NewWarningHeader: anything else is no header.
bool fits_header(std::string_view text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return is_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

}  // namespace

Response json_response(int status, Bytes body) {
  Response response;
  response.status = status;
  response.headers = {{"Cache-Control", "no-cache, private"}, {"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.headers = {{"Cache-Control", "no-cache, private"},
                      {"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

Response failure_response(const Failure& failure) {
  Response response =
      json_response(failure.code, std::make_shared<const std::string>(status_text(failure) + "\n"));
  if (failure.details && failure.details->retry_after_seconds > 0) {
    response.headers.emplace_back("Retry-After",
                                  std::to_string(failure.details->retry_after_seconds));
  }
  if (failure.code == 504) response.delay = fresh_wait;
  return response;
}

void add_warning(Response& response, std::string_view text) {
  response.headers.emplace_back("Warning", "299 - " + in_quotes(text));
}

void add_warnings(Response& response, const std::vector<std::string>& texts) {
  std::vector<std::string_view> fitting;
  std::set<std::string_view> seen;
  std::size_t all = 0;
  std::size_t first_too_many = texts.size();
  for (const std::string& text : texts) {
    if (!seen.insert(text).second || !fits_header(text)) continue;
    all += runes(text);
    if (all > warning_runes_max) first_too_many = std::min(first_too_many, fitting.size());
    fitting.push_back(text);
  }
  std::size_t written = 0;
  for (std::size_t i = 0; i < fitting.size(); ++i) {
    if (i > first_too_many && written >= warning_runes_max) return;
    const bool cut = all > warning_runes_max;
    const auto text = cut ? first_runes(fitting[i], cut_warning_runes_max) : fitting[i];
    written += runes(text);
    add_warning(response, text);
  }
}

}  // namespace fakeapi::cluster

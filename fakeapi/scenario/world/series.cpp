#include "fakeapi/scenario/world/series.hpp"

#include <cstdint>

#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

constexpr std::size_t intervals_max = 100'000;
constexpr int count_max = 1000;  // of the Pods of a Service

struct Word {
  std::optional<int> count;
  std::size_t more = 0;
  bool for_ever = false;
};

std::optional<Word> parse_word(std::string_view text) {
  Word word;
  const auto x = text.find('x');
  const auto value = text.substr(0, x);
  if (value != "_") {
    const auto number = parse_number(value);
    if (!number || *number > count_max) return std::nullopt;
    word.count = static_cast<int>(*number);
  }
  if (x == std::string_view::npos) return word;
  const auto repeat = text.substr(x + 1);
  word.for_ever = repeat == "~";
  const auto more = word.for_ever ? std::optional<std::int64_t>(0) : parse_number(repeat);
  if (!more || static_cast<std::size_t>(*more) > intervals_max) return std::nullopt;
  word.more = static_cast<std::size_t>(*more);
  return word;
}

}  // namespace

std::optional<std::vector<SeriesValue>> parse_series(std::string_view text) {
  std::vector<SeriesValue> values;
  std::size_t interval = 0;
  bool ended = false;
  while (true) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto length = text.find_first_of(" \t");
    const auto word = parse_word(text.substr(0, length));
    if (!word || ended) return std::nullopt;
    if (values.empty() || values.back().count != word->count)
      values.push_back({interval, word->count});
    interval += 1 + word->more;
    if (interval > intervals_max) return std::nullopt;
    ended = word->for_ever;
    text = length == std::string_view::npos ? "" : text.substr(length);
  }
  return values.empty() ? std::nullopt : std::optional(std::move(values));
}

}  // namespace fakeapi::scenario

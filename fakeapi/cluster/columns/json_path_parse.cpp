// From text to steps, as client-go util/jsonpath/parser.go reads it. A closing brace ends the path:
// there it would be followed by plain text, which a column does not print.
#include <algorithm>
#include <charconv>

#include "fakeapi/cluster/columns/json_path_steps.hpp"

namespace fakeapi::cluster::columns {
namespace {

using Step = JsonPath::Step;
using Steps = JsonPath::Steps;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of multi-byte letters count as letters.
bool starts_word(char c) {
  return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool ends_word(char c) {
  constexpr std::string_view ends = " \t\r\n.,[]$@{}";
  return ends.find(c) != std::string_view::npos;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// The text between quotes; the escapes of Go that stand for one ASCII character.
std::optional<std::string> unquoted(std::string_view text, char quote) {
  constexpr std::string_view codes = "abfnrtv\\";
  constexpr std::string_view characters = "\a\b\f\n\r\t\v\\";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    const std::size_t at = codes.find(text[i]);
    if (at == std::string_view::npos && text[i] != quote) return std::nullopt;
    out += at == std::string_view::npos ? quote : characters[at];
  }
  return out;
}

// "a", "a:b", "a:b:c", each part possibly empty (parser.go sliceOperatorRex).
std::optional<Step::Slice> slice_of(std::string_view text) {
  Step::Slice out;
  std::optional<long>* const parts[] = {&out.first, &out.end, &out.stride};
  std::size_t count = 0;
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (count == 3 || part.starts_with('+')) return std::nullopt;
    if (!part.empty()) {
      *parts[count] = number<long>(part);
      if (!*parts[count]) return std::nullopt;
    }
    ++count;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  if (count > 1) return out;
  out.single = true;
  const long first = out.first.value_or(0);
  if (first == std::numeric_limits<long>::max()) return std::nullopt;  // it would have no end
  out.end = first + 1;
  return out;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Steps> parse() {
    while (!rest_.empty() && rest_.front() != '}') {
      if (!step()) return std::nullopt;
    }
    return std::move(steps_);
  }

 private:
  bool step() {
    if (rest_.starts_with("[?(")) return filter();
    if (rest_.starts_with("..")) return descent();
    const char c = rest_.front();
    if (c == ' ' || c == '@' || c == '$') {
      rest_.remove_prefix(1);
      return true;
    }
    if (c == '[') return brackets();
    if (c == '"' || c == '\'') return quote(c);
    if (c == '.') {
      rest_.remove_prefix(1);
      field();
      return true;
    }
    if (c == '+' || c == '-' || is_digit(c)) return literal_number();
    if (!starts_word(c)) return false;
    const std::string_view word = take_word();
    if (word == "true" || word == "false") {
      add(Step::Literal{word == "true"});
    } else {
      add(Step::Keyword{});
    }
    return true;
  }

  // A backslash takes the end of a word away from the character behind it, and is left out.
  void field() {
    std::size_t length = 0;
    while (length < rest_.size() && !ends_word(rest_[length])) {
      length += rest_[length] == '\\' ? 2U : 1U;
    }
    std::string key(take(std::min(length, rest_.size())));
    if (key == "*") {
      add(Step::Wildcard{});
      return;
    }
    key.erase(std::remove(key.begin(), key.end(), '\\'), key.end());
    add(Step::Field{std::move(key)});
  }

  bool descent() {
    if (!steps_.empty() && std::holds_alternative<Step::Descent>(steps_.back().what)) return false;
    rest_.remove_prefix(2);
    add(Step::Descent{});
    if (!rest_.empty() && starts_word(rest_.front())) field();
    return true;
  }

  bool brackets() {
    const std::size_t close = rest_.find(']');
    if (close == std::string_view::npos || rest_.substr(0, close).find('\n') != close_none)
      return false;
    const std::string_view inside = take(close + 1).substr(1, close - 1);
    if (inside.find(',') != std::string_view::npos) return alternatives(inside);
    if (inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'' &&
        inside.find('\'', 1) == inside.size() - 1)
      return append(parse_steps("." + std::string(inside.substr(1, inside.size() - 2))));
    const auto slice = slice_of(inside == "*" ? ":" : inside);
    if (slice) add(*slice);
    return slice.has_value();
  }

  bool alternatives(std::string_view inside) {
    Step::Union out;
    while (true) {
      const std::size_t comma = inside.find(',');
      std::string_view part = inside.substr(0, comma);
      while (part.starts_with(' ')) part.remove_prefix(1);
      while (part.ends_with(' ')) part.remove_suffix(1);
      auto steps = parse_steps("[" + std::string(part) + "]");
      if (!steps) return false;
      out.parts.push_back(std::move(*steps));
      if (comma == std::string_view::npos) break;
      inside.remove_prefix(comma + 1);
    }
    add(std::move(out));
    return true;
  }

  // Up to the first ")" outside of the one quoted text that a condition may have.
  std::optional<std::string_view> condition() {
    char open = 0;
    bool closed = false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == '\n') return std::nullopt;
      if (c == '"' || c == '\'') {
        if (open == 0) {
          open = c;
        } else if (c == open && rest_[i - 1] != '\\') {
          closed = true;
        }
      } else if (c == ')' && (open != 0) == closed) {
        const std::string_view text = take(i);
        rest_.remove_prefix(1);
        return text;
      }
    }
    return std::nullopt;
  }

  bool filter() {
    rest_.remove_prefix(3);
    const auto text = condition();
    if (!text || !rest_.starts_with(']')) return false;
    rest_.remove_prefix(1);
    constexpr std::string_view signs = "!<>=";
    const std::size_t sign = std::min(text->find_first_of(signs), text->size());
    const std::size_t right = std::min(text->find_first_not_of(signs, sign), text->size());
    // Two signs and nothing behind them: the second one counts as the right side, and is no path.
    if (sign > 0 && right == text->size() && right - sign > 1) return false;
    Step::Filter out;
    const bool compares = sign > 0 && right < text->size();
    auto left = parse_steps(compares ? text->substr(0, sign) : *text);
    if (!left) return false;
    out.left = std::move(*left);
    if (compares) {
      auto other = parse_steps(text->substr(right));
      if (!other) return false;
      out.right = std::move(*other);
      out.op = text->substr(sign, right - sign);
    }
    add(std::move(out));
    return true;
  }

  bool quote(char end) {
    for (std::size_t i = 1; i < rest_.size() && rest_[i] != '\n'; ++i) {
      if (rest_[i] != end || rest_[i - 1] == '\\') continue;
      auto text = unquoted(rest_.substr(1, i - 1), end);
      rest_.remove_prefix(i + 1);
      if (text) add(Step::Literal{std::move(*text)});
      return text.has_value();
    }
    return false;
  }

  bool literal_number() {
    std::size_t length = 1;
    while (length < rest_.size() && (rest_[length] == '.' || is_digit(rest_[length]))) ++length;
    const std::string_view text = take(length);
    if (const auto whole = number<long>(text)) {
      add(Step::Literal{*whole});
      return true;
    }
    const auto real = number<double>(text);
    if (real) add(Step::Literal{*real});
    return real.has_value();
  }

  std::string_view take(std::size_t length) {
    const std::string_view out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return out;
  }

  std::string_view take_word() {
    std::size_t length = 0;
    while (length < rest_.size() && !ends_word(rest_[length])) ++length;
    return take(length);
  }

  bool append(std::optional<Steps> steps) {
    if (!steps) return false;
    for (Step& one : *steps) steps_.push_back(std::move(one));
    return true;
  }

  template <class What>
  void add(What what) {
    steps_.push_back(Step{std::move(what)});
  }

  static constexpr std::size_t close_none = std::string_view::npos;

  std::string_view rest_;
  Steps steps_;
};

}  // namespace

std::optional<Steps> parse_steps(std::string_view text) { return Parser(text).parse(); }

std::optional<JsonPath> JsonPath::parse(std::string_view path) {
  auto steps = parse_steps(path);
  if (!steps) return std::nullopt;
  return JsonPath(std::make_shared<const Steps>(std::move(*steps)));
}

}  // namespace fakeapi::cluster::columns

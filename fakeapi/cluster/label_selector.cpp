// A lexer and a parser of one token look-ahead, like the original: its error texts name the token
// it stumbled over.
#include "fakeapi/cluster/label_selector.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using Operator = LabelRequirement::Operator;

enum class Token {
  end,
  identifier,
  in,
  not_in,
  equals,
  double_equals,
  not_equals,
  greater,
  less,
  bang,
  comma,
  open,
  close,
  error
};

struct Scanned {
  Token token;
  std::string text;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_special(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }

std::optional<Token> special_token(std::string_view text) {
  if (text == ")") return Token::close;
  if (text == "(") return Token::open;
  if (text == ",") return Token::comma;
  if (text == "!") return Token::bang;
  if (text == "==") return Token::double_equals;
  if (text == "=") return Token::equals;
  if (text == "!=") return Token::not_equals;
  if (text == ">") return Token::greater;
  if (text == "<") return Token::less;
  return std::nullopt;
}

// The longest known symbol at the front.
Scanned scan_special(std::string_view& text) {
  for (std::size_t length = 2; length > 0; --length) {
    if (const auto token = special_token(text.substr(0, length)); token && length <= text.size()) {
      Scanned scanned{*token, std::string(text.substr(0, length))};
      text.remove_prefix(length);
      return scanned;
    }
  }
  return {Token::error, {}};
}

std::vector<Scanned> scan(std::string_view text) {
  std::vector<Scanned> out;
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.empty()) break;
    if (is_special(text.front())) {
      out.push_back(scan_special(text));
      continue;
    }
    const auto stop =
        std::find_if(text.begin(), text.end(), [](char c) { return is_special(c) || is_space(c); });
    const std::string word(text.begin(), stop);
    text.remove_prefix(word.size());
    const Token token = word == "in"      ? Token::in
                        : word == "notin" ? Token::not_in
                                          : Token::identifier;
    out.push_back({token, word});
  }
  out.push_back({Token::end, {}});
  return out;
}

struct SyntaxError {
  std::string text;
};
template <class T>
using Parsed = std::variant<T, SyntaxError>;

class Parser {
 public:
  explicit Parser(std::string_view text) : items_(scan(text)) {}

  Parsed<std::vector<LabelRequirement>> all() {
    std::vector<LabelRequirement> out;
    while (true) {
      if (peek() == Token::end) return out;
      if (peek() != Token::identifier && peek() != Token::bang) {
        return SyntaxError{
            fmt::format("found '{}', expected: !, identifier, or 'end of string'", here())};
      }
      auto one = requirement();
      if (auto* error = std::get_if<SyntaxError>(&one)) {
        return SyntaxError{"unable to parse requirement: " + error->text};
      }
      out.push_back(std::get<LabelRequirement>(std::move(one)));
      if (peek() == Token::end) return out;
      if (peek() != Token::comma) {
        return SyntaxError{fmt::format("found '{}', expected: ',' or 'end of string'", here())};
      }
      ++at_;
      if (peek() != Token::identifier && peek() != Token::bang) {
        return SyntaxError{fmt::format("found '{}', expected: identifier after ','", here())};
      }
    }
  }

 private:
  // Where a value may stand, "in" and "notin" are words like others.
  Token peek() const {
    const Token token = items_[at_].token;
    return token == Token::in || token == Token::not_in ? Token::identifier : token;
  }
  const std::string& here() const { return items_[at_].text; }
  void advance() {
    if (items_[at_].token != Token::end) ++at_;
  }

  Parsed<LabelRequirement> requirement() {
    LabelRequirement out;
    const bool negated = peek() == Token::bang;
    if (negated) advance();
    if (peek() != Token::identifier) {
      return SyntaxError{fmt::format("found '{}', expected: identifier", here())};
    }
    out.key = here();
    advance();
    if (const auto errors = names::label_key(out.key); !errors.empty()) {
      return SyntaxError{
          fmt::format("<nil>: Invalid value: {}: {}", in_quotes(out.key), fmt::join(errors, "; "))};
    }
    if (negated || peek() == Token::end || peek() == Token::comma) {
      out.op = negated ? Operator::does_not_exist : Operator::exists;
      return out;
    }
    const Token op = items_[at_].token;
    if (op < Token::in || op > Token::less) {
      return SyntaxError{fmt::format("found '{}', expected: in, notin, =, ==, !=, gt, lt", here())};
    }
    advance();
    const bool set_based = op == Token::in || op == Token::not_in;
    if (const auto error = set_based ? value_set(out.values) : exact_value(out.values))
      return *error;
    return finished(std::move(out), op);
  }

  static Parsed<LabelRequirement> finished(LabelRequirement out, Token op) {
    switch (op) {
      case Token::not_in:
      case Token::not_equals:
        out.op = Operator::not_in;
        break;
      case Token::greater:
        out.op = Operator::greater_than;
        break;
      case Token::less:
        out.op = Operator::less_than;
        break;
      default:
        out.op = Operator::in;
        break;
    }
    if (op == Token::greater || op == Token::less) {
      if (!parse_decimal(out.values.front())) {
        return SyntaxError{
            fmt::format("values[0][{}]: Invalid value: {}: for 'Gt', 'Lt' operators, the "
                        "value must be an integer",
                        out.key, in_quotes(out.values.front()))};
      }
    }
    for (const std::string& value : out.values) {
      if (const auto errors = names::label_value(value); !errors.empty()) {
        return SyntaxError{fmt::format("values[0][{}]: Invalid value: {}: {}", out.key,
                                       in_quotes(value), fmt::join(errors, "; "))};
      }
    }
    return out;
  }

  std::optional<SyntaxError> exact_value(std::vector<std::string>& values) {
    if (peek() == Token::end || peek() == Token::comma) {
      values.emplace_back();
      return std::nullopt;
    }
    if (peek() != Token::identifier) {
      return SyntaxError{fmt::format("found '{}', expected: identifier", here())};
    }
    values.push_back(here());
    advance();
    return std::nullopt;
  }

  std::optional<SyntaxError> value_set(std::vector<std::string>& values) {
    if (peek() != Token::open) return SyntaxError{fmt::format("found '{}' expected: '('", here())};
    advance();
    bool value_due = true;  // "(,a" and "(a,)" hold an empty value
    while (true) {
      switch (peek()) {
        case Token::identifier:
          if (!value_due)
            return SyntaxError{fmt::format("found '{}', expected: ',' or ')'", here())};
          values.push_back(here());
          value_due = false;
          break;
        case Token::comma:
          if (value_due) values.emplace_back();
          value_due = true;
          break;
        case Token::close:
          if (value_due) values.emplace_back();
          advance();
          return std::nullopt;
        default:
          return SyntaxError{
              value_due ? fmt::format("found '{}', expected: ',', ')' or identifier", here())
                        : fmt::format("found '{}', expected: ',' or ')'", here())};
      }
      advance();
    }
  }

  std::vector<Scanned> items_;
  std::size_t at_ = 0;
};

std::optional<std::int64_t> integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool LabelRequirement::matches(const json& object) const {
  const std::string* value = find_label(object, key);
  const auto listed = [&] {
    return std::find(values.begin(), values.end(), *value) != values.end();
  };
  switch (op) {
    case Operator::exists:
      return value != nullptr;
    case Operator::does_not_exist:
      return value == nullptr;
    case Operator::in:
      return value != nullptr && listed();
    case Operator::not_in:
      return value == nullptr || !listed();
    case Operator::greater_than:
    case Operator::less_than:
      break;
  }
  if (value == nullptr) return false;
  const auto have = integer(*value);
  const auto bound = integer(values.front());
  if (!have || !bound) return false;
  return op == Operator::greater_than ? *have > *bound : *have < *bound;
}

Result<LabelSelector> LabelSelector::parse(std::string_view text) {
  auto parsed = Parser(text).all();
  if (auto* error = std::get_if<SyntaxError>(&parsed)) return bad_request(std::move(error->text));
  LabelSelector out;
  out.requirements_ = std::get<0>(std::move(parsed));
  return out;
}

LabelSelector LabelSelector::from_map(const json& labels) {
  LabelSelector out;
  if (!labels.is_object()) return out;
  for (const auto& [key, value] : labels.items()) {
    if (value.is_string())
      out.requirements_.push_back({key, Operator::in, {value.get<std::string>()}});
  }
  return out;
}

bool LabelSelector::matches(const json& object) const {
  return std::all_of(requirements_.begin(), requirements_.end(),
                     [&](const LabelRequirement& one) { return one.matches(object); });
}

}  // namespace fakeapi::cluster

// An object of JSON that is read strictly: unknown keys, values of the wrong form and words that
// nobody knows become one message that names the place and the nearest word. The first thing that
// is wrong is the one that is told.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/wire/fault_scalars.hpp"
#include "fakeapi/wire/fault_words.hpp"

namespace fakeapi::wire {

/// Where the reader is, and what it has found to be wrong.
class JsonPlace {
 public:
  JsonPlace(const nlohmann::json& object, std::string path, std::string& error)
      : object_(object), path_(std::move(path)), error_(error) {}

  bool ok() const { return error_.empty(); }
  void fail(std::string_view key, const std::string& what) const {
    if (!ok()) return;
    const bool separated = !path_.empty() && !key.empty();
    error_ = fmt::format("{}{}{}: {}", path_, separated ? "." : "", key, what);
  }

  /// Its object has these keys and no other.
  void expect(const std::vector<std::string_view>& keys) const {
    if (!object_.is_object()) return fail("", "must be an object");
    for (const auto& item : object_.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) != keys.end()) continue;
      return fail("", unknown_word("key", item.key(), keys));
    }
  }
  const nlohmann::json* find(std::string_view key) const {
    if (!ok() || !object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  JsonPlace inside(std::string_view key, const nlohmann::json& object) const {
    return JsonPlace(object, path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key),
                     error_);
  }

  std::string text(std::string_view key) const {
    const nlohmann::json* value = find(key);
    return value == nullptr ? std::string() : text_of(key, *value);
  }
  /// A text, or a list of them.
  std::vector<std::string> texts(std::string_view key) const {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_array()) return {text_of(key, *value)};
    std::vector<std::string> out;
    for (const nlohmann::json& one : *value) out.push_back(text_of(key, one));
    if (out.empty()) fail(key, "must not be empty");
    return out;
  }
  std::optional<std::int64_t> number(std::string_view key, std::int64_t least,
                                     std::int64_t most) const {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_integer() && *value >= least && *value <= most) {
      return value->get<std::int64_t>();
    }
    fail(key, fmt::format("must be a number from {} to {}", least, most));
    return std::nullopt;
  }
  /// A text that `parse` understands; a number stands for its digits.
  template <class Parse>
  auto parsed(std::string_view key, Parse parse, std::string_view form) const
      -> decltype(parse(std::string_view())) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return std::nullopt;
    const std::string written = value->is_string()            ? value->get<std::string>()
                                : value->is_number_unsigned() ? value->dump()
                                                              : std::string();
    auto result = parse(std::string_view(written));
    if (!result) fail(key, fmt::format("{} is not {}", value->dump(), form));
    return result;
  }
  template <class Value>
  std::optional<Value> word(std::string_view key, const Words<Value>& words) const {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return std::nullopt;
    const std::string written = value->is_string() ? value->get<std::string>() : value->dump();
    const Word<Value>* row = find_word(words, written);
    if (row != nullptr) return row->value;
    fail(key, unknown_word("word", written, words_of(words)));
    return std::nullopt;
  }

 private:
  std::string text_of(std::string_view key, const nlohmann::json& value) const {
    // No name of Kubernetes is longer (RFC 1123 subdomain).
    constexpr std::size_t bytes_max = 253;
    const bool good = value.is_string() && !value.get_ref<const std::string&>().empty() &&
                      value.get_ref<const std::string&>().size() <= bytes_max;
    if (good) return value.get<std::string>();
    fail(key, fmt::format("must be a text of 1 to {} bytes", bytes_max));
    return {};
  }

  const nlohmann::json& object_;
  std::string path_;
  std::string& error_;
};

}  // namespace fakeapi::wire

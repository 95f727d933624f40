// One pass of nlohmann's SAX parser, which does not recurse, builds the value and keeps the path.
#include "fakeapi/cluster/api/strict_json.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Go's encoding/json, maxNestingDepth.
constexpr std::size_t depth_max = 10000;

// FNV-1a, which can go on where it stopped: the path of a field costs no more than its last part,
// however deep it lies. Two paths that look alike would at worst be named in the wrong order.
using PathHash = std::uint64_t;
constexpr PathHash no_path = 14695981039346656037ULL;

PathHash extended(PathHash hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

// Escapes from \ud800 on are the first half of a pair, from \udc00 on the second.
bool is_surrogate(std::string_view escape, std::string_view digits) {
  return escape.size() >= 6 && (escape.starts_with("\\ud") || escape.starts_with("\\uD")) &&
         digits.find(escape[3]) != std::string_view::npos;
}

// Half of a UTF-16 pair stands for no character; Go reads U+FFFD (encoding/json, unquoteBytes).
std::string without_lone_surrogates(std::string_view text) {
  constexpr std::string_view first_half = "89abAB";
  constexpr std::string_view second_half = "cdefCDEF";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t taken = text[0] == '\\' && text.size() > 1 ? 2 : 1;
    const bool first = is_surrogate(text, first_half);
    if (first && is_surrogate(text.substr(6), second_half)) {
      taken = 12;
    } else if (first || is_surrogate(text, second_half)) {
      out += "\\ufffd";
      text.remove_prefix(6);
      continue;
    }
    out += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return out;
}

// What nlohmann refuses and Go takes, made into what both take.
std::string readable(std::string_view text) {
  std::string out = is_utf8(text) ? std::string(text) : as_utf8(text);
  const bool surrogates =
      out.find("\\ud") != std::string::npos || out.find("\\uD") != std::string::npos;
  return surrogates ? without_lone_surrogates(out) : out;
}

class Reader final : public nlohmann::json_sax<json> {
 public:
  StrictJson out;
  /// When set, the paths that it holds get the order in which they are met.
  std::unordered_map<PathHash, std::size_t>* places = nullptr;

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = std::move(name);
    level.field = extended(levels_.size() == 1 ? level.path : extended(level.path, "."), level.key);
    const bool counted = out.duplicates.size() < strict_errors_max;
    if (counted && level.at->contains(level.key) && seen_.insert(level.field).second)
      out.duplicates.push_back(fmt::format("duplicate field {}", in_quotes(path())));
    if (places == nullptr) return true;
    if (const auto place = places->find(level.field); place != places->end())
      place->second = std::min(place->second, met_++);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    out.error = error.what();
    return false;
  }

 private:
  struct Level {
    json* at;
    PathHash path;   // its own
    PathHash field;  // of what it holds at `key`
    std::string key;
  };

  std::string path() const {
    std::string text;
    for (const Level& level : levels_) {
      if (level.at->is_array()) {
        text += fmt::format("[{}]", level.at->size() - (&level == &levels_.back() ? 0 : 1));
      } else {
        if (!text.empty()) text += '.';
        text += level.key;
      }
    }
    return text;
  }

  // The last one counts, as in Go.
  json& place(json value) {
    if (levels_.empty()) return out.value = std::move(value);
    Level& level = levels_.back();
    if (level.at->is_array()) {
      level.at->push_back(std::move(value));
      return level.at->back();
    }
    return (*level.at)[level.key] = std::move(value);
  }

  bool put(json value) {
    place(std::move(value));
    return true;
  }

  bool open(json empty) {
    if (levels_.size() == depth_max) {
      out.error = "exceeded max depth";
      return false;
    }
    const PathHash path = next_path();
    json& placed = place(std::move(empty));
    levels_.push_back({&placed, path, no_path, {}});
    return true;
  }

  PathHash next_path() const {
    if (levels_.empty()) return no_path;
    const Level& level = levels_.back();
    return level.at->is_array() ? extended(level.path, fmt::format("[{}]", level.at->size()))
                                : level.field;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::vector<Level> levels_;
  std::unordered_set<PathHash> seen_;
  std::size_t met_ = 0;
};

}  // namespace

StrictJson parse_strict(std::string_view text) {
  Reader reader;
  json::sax_parse(readable(text), &reader);
  return std::move(reader.out);
}

std::vector<std::string> in_order_of_appearance(std::string_view text,
                                                std::vector<std::string> paths) {
  if (paths.size() < 2) return paths;
  std::unordered_map<PathHash, std::size_t> places;
  for (const std::string& path : paths) places.emplace(extended(no_path, path), SIZE_MAX);
  Reader reader;
  reader.places = &places;
  json::sax_parse(readable(text), &reader);
  const auto place = [&places](const std::string& path) {
    return places.at(extended(no_path, path));
  };
  std::stable_sort(paths.begin(), paths.end(),
                   [&place](const auto& a, const auto& b) { return place(a) < place(b); });
  return paths;
}

}  // namespace fakeapi::cluster

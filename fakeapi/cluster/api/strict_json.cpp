// One pass of nlohmann's SAX parser, which does not recurse, builds the value and keeps the path.
#include "fakeapi/cluster/api/strict_json.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Go's encoding/json, maxNestingDepth.
constexpr std::size_t depth_max = 10000;

class Reader final : public nlohmann::json_sax<json> {
 public:
  StrictJson out;
  /// When set, every path that is met is given to it.
  std::vector<std::string>* met = nullptr;

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
    if (level.at->contains(level.key))
      out.duplicates.push_back(fmt::format("duplicate field \"{}\"", path()));
    if (met != nullptr) met->push_back(path());
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    out.error = error.what();
    return false;
  }

 private:
  struct Level {
    json* at;
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
    json& placed = place(std::move(empty));
    levels_.push_back({&placed, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::vector<Level> levels_;
};

}  // namespace

StrictJson parse_strict(std::string_view text) {
  Reader reader;
  json::sax_parse(text, &reader);
  return std::move(reader.out);
}

std::vector<std::string> in_order_of_appearance(std::string_view text,
                                                std::vector<std::string> paths) {
  if (paths.size() < 2) return paths;
  std::vector<std::string> met;
  Reader reader;
  reader.met = &met;
  json::sax_parse(text, &reader);
  const auto place = [&met](const std::string& path) {
    return std::find(met.begin(), met.end(), path) - met.begin();
  };
  std::stable_sort(paths.begin(), paths.end(),
                   [&place](const auto& a, const auto& b) { return place(a) < place(b); });
  return paths;
}

}  // namespace fakeapi::cluster

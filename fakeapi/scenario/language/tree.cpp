// The one file that calls yaml-cpp, by its events: the nodes of its document model would merge
// duplicate keys and expand aliases before anybody could object. Its exceptions end here.
#include "fakeapi/scenario/language/tree.hpp"

#include <cstddef>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/format.h>

namespace fakeapi::scenario {
namespace {

// A scenario is a page of text; a megabyte is a thousand pages, and read in well under a second.
constexpr std::size_t text_bytes_max = std::size_t{1} << 20;

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Report& report) : report_(report) {}

  Node take_root() { return std::move(root_); }
  int documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) report_.add(place_of(mark), "a second YAML document in one file");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add({Node::Kind::nothing, place_of(mark), false, {}, {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report_.add(place_of(mark), "a YAML alias; the language has none: write the value out");
    add({Node::Kind::nothing, place_of(mark), false, {}, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    add({Node::Kind::scalar, place_of(mark), tag == "!", value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::sequence, mark, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::mapping, mark, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  // yaml-cpp gives "?" to what has no tag and "!" to what stands in quotes.
  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.size() > 1) report_.add(place_of(mark), fmt::format("a YAML tag ({})", tag));
  }
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    check_tag(mark, tag);
    open_.push_back({kind, place_of(mark), false, {}, {}, {}});
  }
  void close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }
  void add(Node node) {
    if (open_.empty()) {
      if (documents_ == 1) root_ = std::move(node);
      return;
    }
    Node& parent = open_.back();
    if (parent.kind == Node::Kind::sequence) {
      parent.values.push_back(std::move(node));
    } else if (parent.keys.size() == parent.values.size()) {
      parent.keys.push_back(std::move(node));
    } else {
      // yaml-cpp marks a missing value where the next token stands, often on the next line.
      if (node.kind == Node::Kind::nothing) node.place = parent.keys.back().place;
      parent.values.push_back(std::move(node));
    }
  }

  Report& report_;
  Node root_;
  std::vector<Node> open_;
  int documents_ = 0;
};

// The length of the UTF-8 sequence that begins at `at` (RFC 3629, table of section 4), 0 if there
// is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool too_long = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !too_long && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool too_long = first == 0xF0 && byte(1) < 0x90;
    const bool too_high = first == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !too_long && !too_high ? 4 : 0;
  }
  return 0;
}

// YAML 1.2, 5.1: a text is UTF-8 of printable characters. yaml-cpp checks neither, and takes U+0004
// for the end.
bool check_characters(std::string_view text, Report& report) {
  Place place;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t length = utf8_length(text, at);
    const bool control =
        length == 1 && ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == '\x7F');
    if (length == 0 || control) {
      report.add(place, control ? "a control character" : "a byte that is not UTF-8");
      return false;
    }
    at += length;
    place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
  }
  return true;
}

}  // namespace

Node parse_yaml(std::string_view text, Report& report) {
  if (text.size() > text_bytes_max) {
    report.add({}, fmt::format("the file is larger than {} bytes", text_bytes_max));
    return {};
  }
  if (!check_characters(text, report)) return {};
  TreeBuilder builder(report);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (builder.documents() < 2 && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    report.add(place_of(error.mark), fmt::format("not YAML: {}", error.msg));
  }
  return builder.take_root();
}

}  // namespace fakeapi::scenario

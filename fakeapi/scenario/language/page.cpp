#include "fakeapi/scenario/language/page.hpp"

#include <string_view>

#include <fmt/format.h>

#include "fakeapi/scenario/expect/lint.hpp"
#include "fakeapi/scenario/fault/words.hpp"
#include "fakeapi/scenario/language/table.hpp"

namespace fakeapi::scenario {
namespace {

// A word list of more than this is a table of its own.
constexpr std::size_t words_bytes_max = 100;

std::string in_cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

std::string value_cell(const Type& type) {
  std::string words = words_of(type);
  if (words.size() > words_bytes_max && words.starts_with("word: ")) words = "word, see the tables";
  return in_cell(std::move(words));
}

bool has_words(const Type& type) {
  if (type.kind == Type::Kind::choice) {
    for (const Choice& each : *type.choices) {
      if (!each.doc.empty()) return true;
    }
  }
  return false;
}

void add_words(const Key& key, const Type& type, std::string& page) {
  for (const Type& part : type.parts) add_words(key, part, page);
  if (!has_words(type) || type.choices->size() > 5) return;
  for (const Choice& each : *type.choices)
    page +=
        fmt::format("| `{}: {}` | | | {} |\n", key.name, each.name, in_cell(std::string(each.doc)));
}

void add_mapping(const Mapping& mapping, std::string& page) {
  std::string title(mapping.name);
  title[0] = static_cast<char>(title[0] - 'a' + 'A');
  page += fmt::format("### {}\n\n| key | value | required | meaning |\n|---|---|---|---|\n", title);
  for (const Key& key : mapping.keys) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", key.name, value_cell(key.type),
                        key.required ? "yes" : "no", in_cell(std::string(key.doc)));
    if (key.type.kind != Type::Kind::map) add_words(key, key.type, page);
  }
  page += "\n";
}

}  // namespace

std::string reference_page() {
  std::string page;
  for (const Mapping* mapping : all_mappings()) {
    add_mapping(*mapping, page);
    if (mapping == &pod_state_mapping()) {
      page +=
          "Where a word is enough, it is a pair of what the API shows and what listens:\n\n"
          "| word | the API shows | listens | meaning |\n|---|---|---|---|\n";
      static constexpr const char* shows[] = {"absent", "pending", "not-ready", "ready",
                                              "terminating"};
      for (const PodWord& word : pod_words()) {
        page += fmt::format("| `{}` | {} | {} | {} |\n", word.name,
                            shows[static_cast<std::size_t>(word.shows)],
                            !word.listens   ? "as before"
                            : *word.listens ? "yes"
                                            : "no",
                            word.doc);
      }
      page += "\n";
    }
    if (mapping != &fault_mapping()) continue;
    page +=
        "What can happen, and how near it is to the world:\n\n"
        "| key | value | faithfulness | what happens |\n|---|---|---|---|\n";
    for (const fault::ActionRow& row : fault::action_rows()) {
      page += fmt::format("| `{}` | `{}` | {} | {} |\n", row.key, row.word, to_string(row.faithful),
                          in_cell(std::string(row.doc)));
    }
    page += "\n";
  }
  page +=
      "### Rules for clients\n\nWhat `no` may hold, and what `fakeapi run` tells in any case:\n\n"
      "| rule | a client breaks it by | why, and what to do instead |\n|---|---|---|\n";
  for (const LintRule& rule : lint_rules())
    page += fmt::format("| `{}` | {} | {} |\n", rule.name, rule.what, rule.why);
  return page + "\n";
}

}  // namespace fakeapi::scenario

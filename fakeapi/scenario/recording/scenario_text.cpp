#include "fakeapi/scenario/recording/scenario_text.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "fakeapi/scenario/recording/redact.hpp"
#include "fakeapi/scenario/recording/story.hpp"
#include "fakeapi/scenario/recording/words.hpp"
#include "fakeapi/scenario/recording/yaml_value.hpp"
#include "fakeapi/scenario/world/operations.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;

constexpr std::size_t key_indent = 4;  // of the keys of a step

/// The objects that others must find: namespaces of objects, and Nodes, without which the
/// EndpointSlice controller would leave a Pod out once it runs again.
std::vector<json> surroundings(const Story& story) {
  std::set<std::string> namespaces;
  std::set<std::string> nodes;
  const auto look_at = [&](const json& object) {
    const std::string name = text_at(object, {"metadata", "namespace"});
    if (!name.empty() && name != story.namespace_name && !exists_from_start(name))
      namespaces.insert(name);
    const std::string node = text_at(object, {"spec", "nodeName"});
    if (!node.empty()) nodes.insert(node);
  };
  for (const json& object : story.initial) look_at(object);
  for (const Change& change : story.changes) look_at(change.object);
  std::vector<json> made;
  const auto bare = [](const char* kind, const std::string& name) -> json {
    return {{"apiVersion", "v1"}, {"kind", kind}, {"metadata", {{"name", name}}}};
  };
  for (const std::string& name : namespaces) made.push_back(bare("Namespace", name));
  for (const std::string& name : nodes) made.push_back(bare("Node", name));
  return made;
}

/// The namespace of the file is that of every object that has none.
json in_file(json object, const Story& story) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return object;
  const auto name = metadata->find("namespace");
  if (name != metadata->end() && *name == story.namespace_name) metadata->erase(name);
  return object;
}

std::string key_line(const char* key, const json& value) {
  return fmt::format("{:{}}{}: {}", "", key_indent, key, yaml_value(value, key_indent + 2));
}

/// A value that does not fit on the line of its key begins on the next.
std::string key_block(const char* key, const json& value) {
  const std::string text = yaml_value(value, key_indent + 2);
  const bool one_line = text.find('\n') + 1 == text.size();
  if (one_line) return key_line(key, value);
  return fmt::format("{:{}}{}:\n{:{}}{}", "", key_indent, key, "", key_indent + 2, text);
}

std::string step_head(std::chrono::milliseconds at, const std::string& told) {
  return "  - at: " + duration_text(at) + "\n" + key_line("why", told);
}

std::string first_step(const Story& story) {
  std::string text = step_head({}, "what is there when the recording begins") +
                     fmt::format("{:{}}controllers: paused\n", "", key_indent);
  json objects = json::array();
  for (const json& object : surroundings(story)) objects.push_back(object);
  for (const json& object : story.initial) objects.push_back(in_file(object, story));
  if (!objects.empty()) text += key_block("apply", objects);
  return text;
}

std::string step(const Change& change, const Story& story) {
  const std::string head = step_head(change.at, why(change, story.namespace_name));
  if (change.what == Change::What::apply)
    return head + key_block("apply", in_file(change.object, story));
  const Identity identity = identity_of(change.object);
  json target = {{"kind", identity.kind}, {"name", identity.name}};
  if (!identity.namespace_name.empty() && identity.namespace_name != story.namespace_name)
    target["namespace"] = identity.namespace_name;
  if (change.what == Change::What::terminate)
    target["grace"] = fmt::format("{}s", change.grace.count());
  return head + key_block("delete", target);
}

std::string plural(std::size_t count, const char* what, const char* ending = "s") {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : ending);
}

std::string about(const Story& story) {
  const auto count = [&](const char* kind) {
    return static_cast<std::size_t>(
        std::count_if(story.initial.begin(), story.initial.end(),
                      [&](const json& one) { return text_at(one, {"kind"}) == kind; }));
  };
  return fmt::format("A recording of {}: {} and {} at its start, {} after it.",
                     duration_text(story.length), plural(count("Service"), "Service"),
                     plural(count("Pod"), "Pod"), plural(story.changes.size(), "change"));
}

/// A comment is one line, whatever is told in it.
std::string comment(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) c = '?';
  }
  return "# " + text + "\n";
}

std::string head(const Recording& recording, const Story& story, bool redact) {
  std::string made = "Recorded by fakeapi";
  made += redact ? ", names and addresses replaced" : " from " + recording.source;
  if (!recording.made_at.empty()) made += ", from " + recording.made_at + " on";
  made += ", for " + duration_text(story.length) + ".";
  std::string text =
      "# yaml-language-server: $schema=scenario.schema.json\n" + comment(std::move(made));
  for (const std::string& note : recording.notes) text += comment(note);
  return text + "version: 1\nabout: " + quoted_text(about(story)) +
         "\nnamespace: " + quoted_text(story.namespace_name) + "\ntimeline:\n";
}

}  // namespace

std::string duration_text(std::chrono::milliseconds duration) {
  const auto all = duration.count();
  const auto minutes = all / 60000;
  std::string text = minutes > 0 ? fmt::format("{}m", minutes) : "";
  const auto rest = all % 60000;
  if (rest % 1000 == 0) return text + fmt::format("{}s", rest / 1000);
  std::string seconds = fmt::format("{}.{:03}", rest / 1000, rest % 1000);
  while (seconds.back() == '0') seconds.pop_back();
  return text + seconds + "s";
}

Written scenario_text(const Recording& recording, bool redact) {
  Story story = story_of(recording);
  if (redact) replace_names(story);
  Written written;
  written.text = head(recording, story, redact) + first_step(story);
  for (const Change& change : story.changes) written.text += step(change, story);
  written.objects = story.initial.size();
  written.steps = story.changes.size();
  written.length = story.length;
  return written;
}

}  // namespace fakeapi::scenario::recording

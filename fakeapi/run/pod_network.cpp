#include "fakeapi/run/pod_network.hpp"

#include <memory>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

void move_to_loopback(scenario::Action& action) {
  // Only a JSON string that begins so is an address of a Pod.
  constexpr const char* from = "\"10.20.";
  constexpr const char* to = "\"127.20.";
  if (auto* listen = std::get_if<scenario::Listen>(&action)) {
    if (listen->address.rfind("10.20.", 0) == 0) listen->address.replace(0, 6, "127.20.");
  } else if (auto* operate = std::get_if<scenario::Operate>(&action)) {
    replace_all(operate->body, from, to);
  } else if (auto* apply = std::get_if<scenario::Apply>(&action)) {
    std::string text = apply->object->dump();
    replace_all(text, from, to);
    apply->object = std::make_shared<const nlohmann::json>(nlohmann::json::parse(text));
  }
}

}  // namespace fakeapi::run

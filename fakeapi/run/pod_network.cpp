#include "fakeapi/run/pod_network.hpp"

#include <string>
#include <variant>

namespace fakeapi::run {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

void move_to_loopback(scenario::Timeline& timeline) {
  for (scenario::Step& step : timeline.steps) {
    for (scenario::Action& action : step.actions) {
      if (auto* listen = std::get_if<scenario::Listen>(&action)) {
        if (listen->address.rfind("10.20.", 0) == 0) listen->address.replace(0, 6, "127.20.");
      } else if (auto* operate = std::get_if<scenario::Operate>(&action)) {
        // Only a JSON string that begins so is an address of a Pod.
        replace_all(operate->body, "\"10.20.", "\"127.20.");
      }
    }
  }
}

}  // namespace fakeapi::run

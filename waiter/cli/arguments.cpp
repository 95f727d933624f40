#include "waiter/cli/arguments.hpp"

#include <cstddef>
#include <string_view>

#include "waiter/cli/flags.hpp"
#include "waiter/cli/nearest.hpp"

namespace waiter::cli {
namespace {

Mistake unknown(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Flag& flag : flags()) names.push_back(flag.name);
  const std::string typed = word.substr(0, word.find('='));
  const auto start = typed.find_first_not_of('-');
  const auto meant = nearest(start == std::string::npos ? "" : typed.substr(start), names);
  const std::string hint =
      meant.empty() ? "; --help lists the flags" : "; did you mean --" + std::string(meant) + "?";
  return {"unknown flag \"" + typed + "\"" + hint};
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  std::variant<Arguments, Mistake> read() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (word == "--") {
        result_.separated = true;
        result_.child.assign(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
        break;
      }
      if (word.empty() || word.front() != '-') {
        take_word(word);
      } else if (auto mistake = take_flag(word)) {
        return *mistake;
      }
    }
    return std::move(result_);
  }

 private:
  void take_word(const std::string& word) {
    const CommandText* command = first_ ? find_command(word) : nullptr;
    first_ = false;
    if (command == nullptr) {
      result_.words.push_back(word);
      return;
    }
    result_.command = command->command;
    result_.command_named = true;
  }

  std::optional<Mistake> take_flag(const std::string& word) {
    if (word == "--help" || word == "-h") {
      result_.help = true;
      return std::nullopt;
    }
    if (word == "--version") {
      result_.version = true;
      return std::nullopt;
    }
    const auto equals = word.find('=');
    const std::string name = word.rfind("--", 0) == 0 ? word.substr(2, equals - 2) : "";
    const Flag* flag = find_flag(name);
    if (flag == nullptr) return unknown(word);
    std::string value = "on";
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!flag->is_switch()) {
      if (at_ == words_.size()) {
        return Mistake{"--" + name + " needs a value (" + std::string(flag->type) + ")"};
      }
      value = words_[at_++];
    }
    if (value.empty() && !flag->may_be_empty) return Mistake{"--" + name + " has an empty value"};
    auto& values = result_.flags[name];
    if (!values.empty() && !flag->repeatable) return Mistake{"--" + name + " is given twice"};
    values.push_back(std::move(value));
    return std::nullopt;
  }

  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  bool first_ = true;  // no word yet that is no flag
  Arguments result_;
};

std::string owners_of(std::string_view name) {
  std::string names;
  for (const CommandText& command : commands()) {
    if (find_flag(name, command.command) == nullptr) continue;
    names += (names.empty() ? "" : ", ") + std::string(command.name);
  }
  return names;
}

}  // namespace

std::variant<Arguments, Mistake> read_arguments(const std::vector<std::string>& words) {
  return Reader(words).read();
}

std::optional<Mistake> check_flags(const Arguments& arguments) {
  const std::string command(text_of(arguments.command).name);
  for (const auto& [name, values] : arguments.flags) {
    if (find_flag(name, arguments.command) != nullptr) continue;
    return Mistake{"--" + name + " is no flag of " + command + ", but of " + owners_of(name)};
  }
  return std::nullopt;
}

}  // namespace waiter::cli

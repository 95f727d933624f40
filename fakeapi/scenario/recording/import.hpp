// Recordings that other tools have made.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakeapi/scenario/recording/recording.hpp"

namespace fakeapi::scenario::recording {

struct Input {
  std::string name;  // for messages: its path
  std::string text;
};

struct ImportError {
  std::string message;  // "pods.json:12: ..."
};

/// Either a snapshot of kwok or outputs of `kubectl get -w`, one of each kind; told apart by their
/// first character. With `namespaces`, only objects of these. The file's namespace is the first of
/// them, or the one with the most objects.
std::variant<Recording, ImportError> import_recording(const std::vector<Input>& inputs,
                                                      const std::vector<std::string>& namespaces);

/// `kubectl get KIND -w -o json --output-watch-events`: objects {"type", "object"} one after the
/// other. They hold no times of events, so these are the newest times that the objects carry, made
/// monotonic for each kind; the first change is at 1 s.
std::variant<Recording, ImportError> import_kubectl(const std::vector<Input>& inputs);

/// `kwokctl snapshot record`: YAML documents, objects first and then ResourcePatches with the time
/// since the first of them (kwok, pkg/apis/action/v1alpha1), which is at 1 s here.
std::variant<Recording, ImportError> import_kwok(const Input& input);

}  // namespace fakeapi::scenario::recording

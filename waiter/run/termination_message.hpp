// The message that kubelet puts into the status of a container that has ended, where `kubectl
// describe pod` shows it (terminationMessagePath of the container).
#pragma once

#include <string>

namespace waiter::run {

/// The default path is a file that kubelet has made; outside a Pod there is none, and none is left
/// behind. Another path was asked for, and is made. A message that cannot be written is none: the
/// log has it too.
void write_termination_message(const std::string& path, std::string message);

}  // namespace waiter::run

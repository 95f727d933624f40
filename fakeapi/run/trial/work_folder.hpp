// The folder of one run: what its command needs to be let in. It is gone afterwards, and what a run
// left that was killed is removed by the next.
#pragma once

#include <optional>
#include <string>

#include "fakeapi/server/socket.hpp"

namespace fakeapi::run {

class WorkFolder {
 public:
  /// Makes it in the system's folder for temporary files (TMPDIR, else /tmp).
  WorkFolder();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  /// Why there is none.
  const std::optional<std::string>& error() const { return error_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  server::UniqueFd lock_;  // held as long as the run lives, however it ends
  std::optional<std::string> error_;
};

}  // namespace fakeapi::run

#include "fakeapi/run/record.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/client/follow.hpp"
#include "fakeapi/cluster/wall_time.hpp"
#include "fakeapi/run/files.hpp"
#include "fakeapi/run/record_rights.hpp"
#include "fakeapi/scenario/recording/import.hpp"
#include "fakeapi/scenario/recording/scenario_text.hpp"

namespace fakeapi::run {
namespace {

namespace recording = scenario::recording;
using recording::Recording;
using std::chrono::steady_clock;

// What a scenario may hold (docs/scenarios.md, "Limits"): a longer recording could not be replayed.
constexpr std::size_t changes_max = 10'000;
constexpr std::size_t text_bytes_max = std::size_t{1} << 20;
constexpr std::size_t import_bytes_max = std::size_t{512} << 20;  // in memory several times over

struct Stop {
  ExitCode code;
  std::string message;
};

void say(const std::string& line) { std::fprintf(stderr, "fakeapi: %s\n", line.c_str()); }

/// Found before the recording, which may take hours: whether the file could be written now.
void check_output(const std::string& path) {
  const auto cannot = [&](int why) {
    return Stop{ExitCode::usage, "cannot write " + path + ": " + std::strerror(why)};
  };
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw cannot(EISDIR);
  if (exists && ::access(path.c_str(), W_OK) != 0) throw cannot(errno);
  if (exists && !S_ISREG(status.st_mode)) return;
  // write_file writes beside it and renames.
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) throw cannot(errno);
  ::close(file);
  ::unlink(beside.c_str());
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void write(const Recording& made, const RecordOptions& options) {
  const auto written = recording::scenario_text(made, options.redact);
  if (const auto error = write_file(options.output, written.text, 0644))
    throw Stop{ExitCode::internal, error->message + "; nothing is written"};
  say(fmt::format("wrote {}: {}, {}, {}", options.output, counted(written.objects, "object"),
                  counted(written.steps, "change"), recording::duration_text(written.length)));
  if (written.text.size() > text_bytes_max) {
    say(
        fmt::format("{} has {} bytes, and a scenario may have {}: record fewer namespaces, or for "
                    "a shorter time",
                    options.output, written.text.size(), text_bytes_max));
  }
}

Recording imported(const RecordOptions& options) {
  std::vector<recording::Input> inputs;
  std::size_t bytes = 0;
  for (const std::string& path : options.from) {
    auto text = read_file(path);
    if (const auto* error = std::get_if<FileError>(&text))
      throw Stop{ExitCode::usage, error->message};
    inputs.push_back({path, std::get<std::string>(std::move(text))});
    bytes += inputs.back().text.size();
    if (bytes > import_bytes_max)
      throw Stop{ExitCode::usage, path + ": more than 512 MiB are not imported"};
  }
  auto made = recording::import_recording(inputs, options.namespaces);
  if (const auto* error = std::get_if<recording::ImportError>(&made))
    throw Stop{ExitCode::usage, error->message};
  return std::get<Recording>(std::move(made));
}

/// What is watched is kept here while it comes in.
class Recorder {
 public:
  client::Handlers handlers(const std::string& what) {
    client::Handlers handlers;
    handlers.initial = [this](const nlohmann::json& object) { made_.initial.push_back(object); };
    handlers.begun = [this, what] {
      begun_ = steady_clock::now();
      made_.made_at = cluster::rfc3339(
          std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
      say("recording " + what);
    };
    handlers.changed = [this](bool gone, const nlohmann::json& object) {
      made_.changes.push_back({since(), gone, object});
      if (made_.changes.size() < changes_max) return true;
      full_ = true;
      return false;
    };
    handlers.trouble = [this](const std::string& line) {
      say(line);
      ++troubles_;
    };
    return handlers;
  }

  Recording finish() {
    made_.length = since();
    if (full_) {
      made_.notes.push_back(
          fmt::format("It ends early: a scenario has at most {} steps.", changes_max));
      say(fmt::format("the recording ends after {} changes, as a scenario has no more steps",
                      changes_max));
    }
    if (troubles_ > 0) {
      made_.notes.push_back(
          "The API server did not answer all the time: what changed meanwhile is told later than "
          "it was, and as one change.");
    }
    return std::move(made_);
  }

 private:
  cluster::Duration since() const { return steady_clock::now() - begun_; }

  Recording made_;
  steady_clock::time_point begun_{};
  std::size_t troubles_ = 0;
  bool full_ = false;
};

std::vector<client::Watched> watched(const std::vector<std::string>& namespaces) {
  std::vector<client::Watched> all;
  for (const std::string& name : namespaces) {
    all.push_back({"Service", "v1", "services", name});
    all.push_back({"Pod", "v1", "pods", name});
    all.push_back({"Endpoints", "v1", "endpoints", name});
    all.push_back({"EndpointSlice", "discovery.k8s.io/v1", "endpointslices", name});
  }
  return all;
}

std::string what_is_recorded(const client::Access& access,
                             const std::vector<std::string>& namespaces,
                             const RecordOptions& options) {
  std::string places;
  for (const std::string& name : namespaces) places += (places.empty() ? "" : ", ") + name;
  const std::string of = options.all_namespaces ? "all namespaces" : "namespace " + places;
  const std::string until =
      options.length ? "for " + recording::duration_text(*options.length) : "until Ctrl-C";
  return fmt::format("{} of {} {}", of, access.origin, until);
}

Stop stop_of(const client::Failure& failure) {
  using Kind = client::Failure::Kind;
  if (failure.kind == Kind::forbidden)
    return {ExitCode::internal, missing_rights(failure.message, failure.forbidden)};
  if (failure.kind == Kind::credentials) return {ExitCode::usage, failure.message};
  if (failure.kind == Kind::refused) {
    return {ExitCode::internal,
            failure.message + "; it does not accept the credentials of the kubeconfig"};
  }
  return {ExitCode::internal, failure.message};
}

Recording recorded(const RecordOptions& options) {
  auto found = client::find_access(options.kubeconfig, options.context,
                                   [](const char* name) { return std::getenv(name); });
  if (const auto* problem = std::get_if<client::Problem>(&found))
    throw Stop{ExitCode::usage, problem->message};
  const auto& access = std::get<client::Access>(found);
  std::vector<std::string> namespaces = options.namespaces;
  if (namespaces.empty()) namespaces.push_back(access.namespace_name);
  const std::string first = namespaces.front();
  if (options.all_namespaces) namespaces = {""};
  const std::string what = what_is_recorded(access, namespaces, options);
  Recorder recorder;
  const auto handlers = recorder.handlers(what);
  if (const auto failure = client::follow(access, watched(namespaces), options.length, handlers))
    throw stop_of(*failure);
  Recording made = recorder.finish();
  made.namespace_name = first;
  made.source = access.origin;
  return made;
}

}  // namespace

ExitCode record(const RecordOptions& options) {
  try {
    check_output(options.output);
    write(options.from.empty() ? recorded(options) : imported(options), options);
    return ExitCode::ok;
  } catch (const Stop& stop) {
    say(stop.message);
    return stop.code;
  }
}

}  // namespace fakeapi::run

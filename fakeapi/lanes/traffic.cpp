// Binning walks once through what is in order of time, so that ten thousand requests are no matter.
#include "fakeapi/lanes/traffic.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

namespace fakeapi::lanes {
namespace {

constexpr std::size_t statuses_named_max = 4;  // more kinds of errors are one number

/// Neighbours of one look are one bin when one of them holds several: their number needs the room.
std::vector<RequestBin> in_runs(const std::vector<RequestBin>& bins) {
  std::vector<RequestBin> runs;
  for (std::size_t from = 0; from < bins.size();) {
    std::size_t to = from + 1;
    bool is_dense = bins[from].count > 1;
    while (to < bins.size() && bins[to].from == bins[to - 1].to &&
           bins[to].worst == bins[from].worst) {
      is_dense = is_dense || bins[to].count > 1;
      ++to;
    }
    for (std::size_t index = from; index < to; ++index) {
      if (!is_dense || index == from) {
        runs.push_back(bins[index]);
      } else {
        runs.back().to = bins[index].to;
        runs.back().count += bins[index].count;
      }
    }
    from = to;
  }
  return runs;
}

void add(std::vector<StreamBin>& row, StreamBin bin) {
  constexpr int shrinkable_min = 4;  // a bar that can spare a cell for what follows in its last one
  if (row.empty() || bin.from >= row.back().to) {
    row.push_back(bin);
    return;
  }
  StreamBin& last = row.back();
  bin.from = last.to;
  if (bin.to > bin.from) {
    row.push_back(bin);
  } else if (last.to - last.from >= shrinkable_min) {
    --last.to;
    bin.from = last.to;
    bin.to = bin.from + 1;
    row.push_back(bin);
  } else {
    last.count += bin.count;
  }
}

/// Bins of one cell beside one that holds several streams are one with it.
std::vector<StreamBin> in_runs(const std::vector<StreamBin>& bins) {
  std::vector<StreamBin> runs;
  for (const StreamBin& bin : bins) {
    const bool joins = !runs.empty() && runs.back().to == bin.from &&
                       ((runs.back().count > 1 && (bin.count > 1 || bin.to - bin.from == 1)) ||
                        (bin.count > 1 && runs.back().to - runs.back().from == 1));
    if (joins) {
      runs.back().to = bin.to;
      runs.back().count += bin.count;
    } else {
      runs.push_back(bin);
    }
  }
  return runs;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string answers_of(const std::vector<Request>& requests) {
  std::size_t ok = 0;
  std::size_t silent = 0;
  std::size_t refused = 0;
  std::map<int, std::size_t> statuses;
  for (const Request& request : requests) {
    ok += request.answer == Answer::ok ? 1U : 0U;
    silent += request.answer == Answer::no_answer ? 1U : 0U;
    if (request.answer == Answer::refused) {
      ++refused;
      ++statuses[request.status];
    }
  }
  std::string text;
  const auto say = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (ok > 0) say(ok == requests.size() ? "all answered" : fmt::format("{} answered", ok));
  if (statuses.size() > statuses_named_max) {
    say(fmt::format("{} × 4xx/5xx", refused));
  } else {
    for (const auto& [status, count] : statuses) say(fmt::format("{} × {}", count, status));
  }
  if (silent > 0) say(fmt::format("{} without an answer", silent));
  return text;
}

}  // namespace

std::string_view meaning(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return "request answered";
    case Answer::met:
      return "request met by the fault";
    case Answer::refused:
      return "request refused: 4xx, 5xx";
    case Answer::no_answer:
      return "request without an answer";
  }
  return "";
}

void give_rows(std::vector<Stream>& streams) {
  struct Row {
    double free_seconds;
    std::string_view label;
  };
  std::vector<Row> rows;
  for (Stream& stream : streams) {
    std::optional<std::size_t> found;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row].free_seconds > stream.span.from_seconds) continue;
      if (!found) found = row;
      if (rows[row].label != stream.label) continue;
      found = row;
      break;
    }
    if (!found && rows.size() < stream_rows_max) {
      found = rows.size();
      rows.push_back({});
    }
    stream.row = found.value_or(stream_rows_max);
    if (found) rows[*found] = {stream.span.to_seconds, stream.label};
  }
}

std::string summary_of(const std::vector<Request>& requests, const std::vector<Stream>& streams) {
  std::string text;
  if (!requests.empty()) {
    text = counted(requests.size(), "request") + ": " + answers_of(requests);
  }
  if (streams.empty()) return text;
  const auto cut =
      std::count_if(streams.begin(), streams.end(), [](const Stream& one) { return one.is_cut; });
  text += (text.empty() ? "" : "; ") + counted(streams.size(), "stream");
  if (cut > 0) text += fmt::format(", {} cut by a fault", cut);
  return text;
}

std::vector<RequestBin> binned(const std::vector<Request>& requests, const Place& cell) {
  std::vector<RequestBin> bins;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const int at = cell(requests[index].at_seconds);
    if (bins.empty() || bins.back().from != at) {
      bins.push_back({at, at + 1, 1, requests[index].answer, index});
    } else {
      ++bins.back().count;
      bins.back().worst = std::max(bins.back().worst, requests[index].answer);
    }
  }
  return in_runs(bins);
}

std::vector<std::vector<StreamBin>> stream_rows(const std::vector<Stream>& streams,
                                                std::size_t rows_drawn, const Place& border) {
  std::size_t rows_used = 0;
  for (const Stream& stream : streams) rows_used = std::max(rows_used, stream.row + 1);
  const bool is_crowded = rows_used > rows_drawn;
  std::vector<std::vector<StreamBin>> rows(std::min(rows_used, rows_drawn));
  double crowd_until_seconds = -1;
  for (std::size_t index = 0; index < streams.size(); ++index) {
    const Stream& stream = streams[index];
    const int from = border(stream.span.from_seconds);
    const StreamBin bin{from, std::max(from + 1, border(stream.span.to_seconds)), 1, index};
    if (!is_crowded || stream.row + 1 < rows_drawn) {
      add(rows[stream.row], bin);
      continue;
    }
    std::vector<StreamBin>& crowd = rows.back();
    if (!crowd.empty() && stream.span.from_seconds < crowd_until_seconds) {
      crowd.back().to = std::max(crowd.back().to, bin.to);
      ++crowd.back().count;
    } else {
      add(crowd, bin);
    }
    crowd_until_seconds = std::max(crowd_until_seconds, stream.span.to_seconds);
  }
  for (std::vector<StreamBin>& row : rows) row = in_runs(row);
  return rows;
}

}  // namespace fakeapi::lanes

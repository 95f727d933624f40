// A number stands in the columns that it counts, or reaches behind them where nothing follows;
// otherwise one column holds a digit, or a plus for ten and more. An error's sign gives way to no
// number of one column: that there was one says more than how many there were, and the line below
// counts all.
#include "fakeapi/lanes/text_traffic.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/core.h>

namespace fakeapi::lanes {
namespace {

constexpr std::size_t stream_rows_drawn = 8;  // a kubectl or controller watches fewer kinds at once

void draw_requests(TextRow& row, const TextAxis& axis, const std::vector<Request>& requests) {
  const auto cell = [&](double at_seconds) { return axis.cell(at_seconds); };
  const std::vector<RequestBin> bins = binned(requests, cell);
  for (std::size_t index = 0; index < bins.size(); ++index) {
    const RequestBin& bin = bins[index];
    const bool is_good = bin.worst == Answer::ok || bin.worst == Answer::met;
    const bool is_last = index + 1 == bins.size();
    const int next = is_last ? axis.first_column + axis.columns + 1 : bins[index + 1].from;
    const std::string number = fmt::format("×{}", bin.count);
    const auto number_columns = static_cast<int>(number.size()) - 1;  // × has two bytes
    const int columns = bin.to - bin.from;
    std::string text;
    for (int column = 0; column < columns; ++column) {
      text += is_good && bin.count > 1 ? "+" : sign_of(bin.worst);
    }
    if (columns == 1 && is_good && bin.count > 1 && bin.count < 10) {
      text = fmt::format("{}", bin.count);
    }
    row.put(bin.from, text, ink_of(bin.worst));
    if (number_columns <= columns) {
      row.put(bin.from + (columns - number_columns) / 2, number, ink_of(bin.worst));
    } else if (bin.count > 9 && bin.from + number_columns < next) {
      row.put(bin.from, number, ink_of(bin.worst));
    }
  }
}

void draw_streams(TextRow& row, const std::vector<StreamBin>& bins,
                  const std::vector<Stream>& streams) {
  constexpr Ink ink = "38;5;39";
  for (const StreamBin& bin : bins) {
    const int columns = bin.to - bin.from;
    const Stream& stream = streams[bin.first];
    if (bin.count > 1) {
      draw_bar(row, bin.from, bin.to, "≡",
               {fmt::format("×{} streams", bin.count), fmt::format("×{}", bin.count)}, ink);
      continue;
    }
    std::vector<std::string> labels;
    if (!stream.how.empty()) labels.push_back(stream.label + "; " + stream.how);
    labels.push_back(stream.label);
    labels.emplace_back("watch");
    // Labels stay off the ends, which say how a stream began and ended.
    for (int column = bin.from; column < bin.to; ++column) row.put(column, "═", ink);
    if (columns > 2) draw_bar(row, bin.from + 1, bin.to - 1, "═", labels, ink);
    if (columns > 1) row.put(bin.from, "╞", ink);
    if (stream.is_cut) {
      row.put(bin.to - 1, "x", ink_of(Answer::refused));
    } else if (!stream.is_open && columns > 1) {
      row.put(bin.to - 1, "╡", ink);
    }
  }
}

}  // namespace

std::string_view sign_of(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return "│";
    case Answer::met:
      return "v";
    case Answer::refused:
      return "x";
    case Answer::no_answer:
      return "?";
  }
  return " ";
}

Ink ink_of(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return "38;5;39";
    case Answer::met:
      return "38;5;176";
    case Answer::refused:
    case Answer::no_answer:
      return "1;38;5;202";
  }
  return {};
}

std::vector<TextRow> traffic_rows(const Lane& lane, const TextAxis& axis, int width) {
  std::vector<TextRow> rows;
  if (!lane.requests.empty()) draw_requests(rows.emplace_back(width), axis, lane.requests);
  const auto border = [&](double at_seconds) {
    return std::min(axis.border(at_seconds), axis.first_column + axis.columns - 1);
  };
  // The last border is the end of the picture, behind the last column.
  const auto place = [&](double at_seconds) {
    return at_seconds < axis.end_seconds ? border(at_seconds) : axis.first_column + axis.columns;
  };
  for (const auto& bins : stream_rows(lane.streams, stream_rows_drawn, place)) {
    draw_streams(rows.emplace_back(width), bins, lane.streams);
  }
  return rows;
}

}  // namespace fakeapi::lanes

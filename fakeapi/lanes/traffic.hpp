// What clients asked, as a picture needs it: short requests as signs in time, streams as bars from
// open to ended, and the honest way to draw more of them than there is room for: several that fall
// together are one sign with their number, in the look of the worst of them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::lanes {

struct Span {
  double from_seconds = 0;
  double to_seconds = 0;  // not earlier than from_seconds
};

/// From good to bad.
enum class Answer {
  ok,        // 1xx to 3xx
  met,       // of a fault's lane: a request that it met
  refused,   // 4xx, 5xx
  no_answer  // the connection ended without one
};

/// For the legend: "answered 2xx".
std::string_view meaning(Answer answer);

struct Request {
  double at_seconds = 0;
  Answer answer = Answer::ok;
  int status = 0;
  std::string text;  // "list endpointslices /apis/..."
};

struct Stream {
  Span span;
  bool is_open = true;  // at the end of the picture
  bool is_cut = false;  // by a fault
  std::size_t row = 0;  // streams of one row do not overlap; stream_rows_max: it found none
  std::string text;     // "watch endpointslices /apis/..."
  std::string label;    // "watch endpointslices"
  std::string how;      // it ended
};

/// Rows that streams are given; more at once are a crowd.
inline constexpr std::size_t stream_rows_max = 64;

/// A reopened stream takes the row in which the same was watched before, so that the eye can follow
/// it. The streams are in order of their beginning.
void give_rows(std::vector<Stream>& streams);

/// "12 requests: 10 answered 2xx, 2 x 503; 1 stream".
std::string summary_of(const std::vector<Request>& requests, const std::vector<Stream>& streams);

/// Which cell a moment falls into, or at which border of cells it lies; never falls as time grows.
using Place = std::function<int(double)>;

struct RequestBin {
  int from = 0;
  int to = 0;  // cells [from, to)
  std::size_t count = 1;
  Answer worst = Answer::ok;
  std::size_t first = 0;  // index of its first request
};

/// In order, without overlaps. A bin of several cells holds more requests than cells.
std::vector<RequestBin> binned(const std::vector<Request>& requests, const Place& cell);

struct StreamBin {
  int from = 0;
  int to = 0;
  std::size_t count = 1;
  std::size_t first = 0;  // index of its first stream
};

/// At most rows_drawn rows of bins without overlaps; what is open in further rows at the same time
/// is together in the last row.
std::vector<std::vector<StreamBin>> stream_rows(const std::vector<Stream>& streams,
                                                std::size_t rows_drawn, const Place& border);

}  // namespace fakeapi::lanes

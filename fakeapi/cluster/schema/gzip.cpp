#include "fakeapi/cluster/schema/gzip.hpp"

#include <cassert>
#include <zlib.h>

namespace fakeapi::cluster::schema {
namespace {

constexpr int window_bits = 15 + 16;  // zlib.h: 16 more asks for the gzip format
constexpr int answer_level = 1;
constexpr int memory_level = 8;

// zlib's interface is older than const.
z_stream stream_over(std::string_view input) {
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  return stream;
}

template <class Step>
std::string run(z_stream& stream, std::size_t room, Step step) {
  std::string out(room, '\0');
  std::size_t made = 0;
  while (true) {
    if (made == out.size()) out.resize(out.size() * 2);
    stream.next_out = reinterpret_cast<Bytef*>(out.data()) + made;
    stream.avail_out = static_cast<uInt>(out.size() - made);
    const int outcome = step(&stream);
    made = out.size() - stream.avail_out;
    if (outcome == Z_STREAM_END) break;
    assert(outcome == Z_OK || outcome == Z_BUF_ERROR);
  }
  out.resize(made);
  return out;
}

}  // namespace

std::string gunzip(std::string_view bytes) {
  z_stream stream = stream_over(bytes);
  [[maybe_unused]] const int begun = inflateInit2(&stream, window_bits);
  assert(begun == Z_OK);
  std::string out =
      run(stream, bytes.size() * 24, [](z_stream* s) { return inflate(s, Z_NO_FLUSH); });
  inflateEnd(&stream);
  return out;
}

std::string gzip(std::string_view text) {
  z_stream stream = stream_over(text);
  [[maybe_unused]] const int begun = deflateInit2(&stream, answer_level, Z_DEFLATED, window_bits,
                                                  memory_level, Z_DEFAULT_STRATEGY);
  assert(begun == Z_OK);
  std::string out =
      run(stream, text.size() / 4 + 128, [](z_stream* s) { return deflate(s, Z_FINISH); });
  deflateEnd(&stream);
  return out;
}

}  // namespace fakeapi::cluster::schema

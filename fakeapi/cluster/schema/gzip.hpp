// gzip (RFC 1952): the embedded documents come so, and large answers go so when a client asks.
#pragma once

#include <string>
#include <string_view>

namespace fakeapi::cluster::schema {

/// The text inside. The data must be whole: it is the program's own.
std::string gunzip(std::string_view bytes);

/// Compressed at the level that kube-apiserver uses for answers, 1 (responsewriters/writers.go,
/// defaultGzipContentEncodingLevel).
std::string gzip(std::string_view text);

}  // namespace fakeapi::cluster::schema

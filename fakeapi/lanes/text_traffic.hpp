// Requests and streams in a terminal: a sign in each column in which there was a request, its shape
// the outcome; where several fall together, their number.
#pragma once

#include <string_view>
#include <vector>

#include "fakeapi/lanes/text_bar.hpp"

namespace fakeapi::lanes {

std::string_view sign_of(Answer answer);
Ink ink_of(Answer answer);

/// Rows of a lane's requests and streams, each `width` columns; none for a lane without.
std::vector<TextRow> traffic_rows(const Lane& lane, const TextAxis& axis, int width);

}  // namespace fakeapi::lanes

// Reads docs/engine.md and writes it with the transitions as they are: part of `./dev docs`.
#include <exception>
#include <iostream>
#include <iterator>

#include "tools/transitions_page.hpp"

int main() {
  try {
    std::cout << tools::with_transitions(
        {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "transitions: " << error.what() << '\n';
    return 1;
  }
}

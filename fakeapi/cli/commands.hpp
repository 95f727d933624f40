// The commands of fakeapi: each reads its flags, finds what is wrong with them, and calls one
// function of run.
#pragma once

namespace fakeapi::cli {

/// Runs the command line; the value is the program's exit code.
int run(int argc, char** argv);

}  // namespace fakeapi::cli

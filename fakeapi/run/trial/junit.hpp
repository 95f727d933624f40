// Verdicts in the form that CI systems read: a suite for each run, a case for each expectation.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/run/trial/trial.hpp"

namespace fakeapi::run {

/// JUnit's XML, as Jenkins and GitLab describe it (testsuites, testsuite, testcase, failure).
std::string to_junit(const std::vector<Verdict>& verdicts);

}  // namespace fakeapi::run

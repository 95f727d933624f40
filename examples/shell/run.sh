#!/usr/bin/env bash
# A regression test in one line: the scenario says what happens and what is expected, the exit code is the verdict.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
fakeapi run --quiet --pods=loopback restart.yaml -- "${1:-./watching-client.sh}"

#!/usr/bin/env python3
"""Runs the fuzz targets, each for a bounded time: ./dev fuzz [SECONDS] [TARGET...].

What a run finds stays under build/fuzz: inputs that reach new code in found/TARGET, inputs that break something in
artifacts. Exit status: 0 when nothing broke, 1 otherwise, with one line that says which input and how to repeat it.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import seeds

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/fuzz"
INPUT_BYTES_MAX = 8192      # larger inputs are slower and seldom reach anything new
MEMORY_MB_MAX = 2048        # ASan's own share included
INPUT_SECONDS_MAX = 20      # an input that takes longer is a fault too; a busy machine must not look like one
TAIL_LINES = 25


def command(target, seconds, seed):
    folder = BUILD / "corpus" / target
    found = BUILD / "found" / target
    shutil.rmtree(found, ignore_errors=True)  # a run depends on the seeds alone
    found.mkdir(parents=True)
    (BUILD / "artifacts").mkdir(exist_ok=True)
    return [str(BUILD / "bin" / f"fuzz_{target}"), f"-seed={seed}", f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}",
            f"-rss_limit_mb={MEMORY_MB_MAX}", f"-timeout={INPUT_SECONDS_MAX}", f"-dict={BUILD / 'corpus/words'}",
            f"-artifact_prefix={BUILD / 'artifacts' / target}-", "-print_final_stats=1", str(found), str(folder)]


def run(target, seconds, seed):
    """(target, whether all went well, the output)"""
    environment = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1", "ASAN_OPTIONS": "detect_leaks=1"}
    ended = subprocess.run(command(target, seconds, seed), capture_output=True, text=True, errors="replace", env=environment,
                           timeout=seconds * 3 + 300)
    return target, ended.returncode == 0, ended.stderr


def number(pattern, text):
    found = re.findall(pattern, text)
    return found[-1] if found else "?"


def report(target, well, output):
    if well:
        runs, coverage = number(r"number_of_executed_units: (\d+)", output), number(r"cov: (\d+)", output)
        print(f"fuzz: {target}: nothing found in {runs} inputs (coverage {coverage})", flush=True)
        return
    print("\n".join(output.splitlines()[-TAIL_LINES * 4:]), file=sys.stderr)
    kept = re.findall(r"Test unit written to (\S+)", output)
    repeat = f"repeat it with: {BUILD.relative_to(ROOT)}/bin/fuzz_{target} {kept[-1]}" if kept else "no input was kept"
    print(f"fuzz: {target}: broken by {Path(kept[-1]).name if kept else 'the start'}; {repeat}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=int, default=20, help="for each target (20)")
    parser.add_argument("targets", nargs="*", help="none: all")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    known = sorted(path.name.removeprefix("fuzz_") for path in (BUILD / "bin").glob("fuzz_*"))
    targets = options.targets or known
    if unknown := set(targets) - set(known):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    seeds.write(BUILD / "corpus", INPUT_BYTES_MAX)
    print(f"fuzz: {len(targets)} targets, {options.seconds} s each, seed {options.seed}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda target: run(target, options.seconds, options.seed), targets))
    for result in results:
        report(*result)
    return 0 if all(well for _, well, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())

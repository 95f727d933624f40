"""Runs the tests of a module several at a time: tests that mostly wait for a program need no processor of their own."""
import sys
import time
import traceback
import unittest
from concurrent.futures import ThreadPoolExecutor, as_completed

AT_ONCE = 8


def each(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from each(one)
        else:
            yield one


def run(test):
    result = unittest.TestResult()
    begun = time.monotonic()
    try:
        test.run(result)
    except BaseException:  # what unittest does not catch would vanish in its thread
        result.errors.append((test, traceback.format_exc()))
    return test, result, time.monotonic() - begun


def main(first=()):
    """`first`: names of the tests that last longest. Names on the command line choose as those of unittest do."""
    loader, module = unittest.defaultTestLoader, sys.modules["__main__"]
    chosen = sys.argv[1:]
    tests = list(each(loader.loadTestsFromNames(chosen, module) if chosen else loader.loadTestsFromModule(module)))
    tests.sort(key=lambda test: test.id().rsplit(".", 1)[1] not in first)
    failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in as_completed([pool.submit(run, test) for test in tests]):
            test, result, seconds = done.result()
            problems = result.errors + result.failures
            failed += bool(problems)
            word = "FAILED" if problems else "skipped" if result.skipped else "ok"
            print(f"{word:7} {seconds:5.1f} s  {test.id().rsplit('.', 1)[1]}", flush=True)
            for _, text in problems:
                print(text, flush=True)
    print(f"{len(tests)} tests, {failed} failed", flush=True)
    sys.exit(failed > 0 or not tests)

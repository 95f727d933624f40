#!/usr/bin/env python3
"""Runs a test program inside `fakeapi sandbox`, or outside and says why."""
import os
import subprocess
import sys

from programs import BIN

fakeapi = str(BIN / "fakeapi")
tried = subprocess.run([fakeapi, "sandbox", "--", "true"], capture_output=True, text=True)
command = [sys.executable, *sys.argv[1:]]
if tried.returncode == 0:
    os.environ["WFE_SANDBOXED"] = "1"
    os.execv(fakeapi, [fakeapi, "sandbox", "--", *command])
print(f"no sandbox here, Pods listen at loopback addresses: {tried.stderr.strip()}", flush=True)
os.execv(sys.executable, command)

"""A program on the Python client: `check NAME` does one thing with the API, `watch MODE` keeps a cache and prints it at each
change until its input ends."""
import sys

from kubernetes import config

import checks
import follow


def main():
    config.load_kube_config()
    what, name = sys.argv[1:]
    if what == "watch":
        follow.MODES[name]()
    else:
        checks.CHECKS[name]()


main()

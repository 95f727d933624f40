"""What wait_for_db.py does while a cluster does what clusters do."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("wait_for_db.py")
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
DATABASE = """
version: 1
about: A database that is not ready yet.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 0s, why: it starts, pods: {db-0: running}}
"""


@pytest.fixture
def program(cluster):
    started = subprocess.Popen([sys.executable, "-B", PROGRAM],
                               env={**os.environ, "API": cluster.url, "ACCOUNT": cluster.folder / "serviceaccount"})
    yield started
    started.kill()
    started.wait()


@pytest.mark.scenario(DATABASE)
def test_it_waits_until_the_database_is_ready(cluster, program):
    cluster.wait_for_watch("endpointslices", user_agent="wait-for-db")
    assert program.poll() is None
    cluster.step(pods={"db-0": "ready"})
    assert program.wait(60) == 0


@pytest.mark.scenario(DATABASE)
def test_it_lists_again_when_history_is_lost(cluster, program):
    cluster.wait_for_watch("endpointslices", user_agent="wait-for-db")
    cluster.fault("expired", match={"verb": "watch", "nth": 1}, stream={"then": "error-410"})
    cluster.control("POST", "disconnect", {"user-agent": "wait-for-db", "how": "close"})
    cluster.requests(verb="list", count=2, timeout="60s")
    cluster.step(pods={"db-0": "ready"})
    assert program.wait(60) == 0


def test_the_api_answers_as_a_cluster_does(cluster):
    cluster.call("POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": "settings"}, "data": {"colour": "blue"}})
    made = cluster.call("GET", "/api/v1/namespaces/default/configmaps/settings")
    assert made["data"] == {"colour": "blue"}

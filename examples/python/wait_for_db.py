"""The program that is tested here: waits until Service db has a ready address. It lists once and watches from there on."""
import http.client
import json
import os
import ssl
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PATH = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Ddb"


def get(path):
    account = Path(os.environ["ACCOUNT"])
    tls = ssl.create_default_context(cafile=account / "ca.crt")
    connection = http.client.HTTPSConnection(urlsplit(os.environ["API"]).netloc, context=tls, timeout=300)
    connection.request("GET", path, headers={"Authorization": f"Bearer {(account / 'token').read_text()}",
                                             "User-Agent": "wait-for-db/1"})
    return connection.getresponse()


def is_ready(slice):
    return any(endpoint["conditions"].get("ready", True) for endpoint in slice.get("endpoints") or [])


def wait():
    version = None
    while True:
        answer = get(PATH if version is None else f"{PATH}&watch=true&timeoutSeconds=240&resourceVersion={version}")
        if answer.status != 200:
            version = None
            time.sleep(int(answer.headers.get("Retry-After", 1)))
        elif version is None:
            seen = json.load(answer)
            if any(map(is_ready, seen["items"])):
                return
            version = seen["metadata"]["resourceVersion"]
        else:
            for line in answer:
                event = json.loads(line)
                if event["type"] == "ERROR":
                    version = None
                    break
                if is_ready(event["object"]):
                    return
                version = event["object"]["metadata"]["resourceVersion"]


if __name__ == "__main__":
    sys.exit(wait())

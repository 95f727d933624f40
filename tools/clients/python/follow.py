"""A cache of EndpointSlices: by Watch, with the list and the loop that its documentation asks the user for, and by the
library's own SharedInformer."""
import json
import os
import sys
import threading
import time

from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.informer import ADDED, DELETED, MODIFIED, SharedInformer


def show(slices):
    """One write, so that lines of two threads cannot mix."""
    view = {one.metadata.name: " ".join([one.metadata.resource_version, *(address for endpoint in one.endpoints or []
                                                                           for address in endpoint.addresses)])
            for one in slices}
    os.write(1, ('{"view":' + json.dumps(view) + "}\n").encode())


def by_watch():
    """List, watch from there; an expired version means to list again; whatever else goes wrong, to try again."""
    threading.Thread(target=_list_and_watch, daemon=True).start()
    sys.stdin.read()


def _list_and_watch():
    discovery = client.DiscoveryV1Api()
    version, slices = None, {}
    while True:
        try:
            if version is None:
                answer = discovery.list_namespaced_endpoint_slice("default")
                version, slices = answer.metadata.resource_version, {one.metadata.name: one for one in answer.items}
                show(slices.values())
            stream = watch.Watch()
            for event in stream.stream(discovery.list_namespaced_endpoint_slice, "default", resource_version=version):
                one = event["object"]
                version = one.metadata.resource_version
                slices.pop(one.metadata.name, None)
                if event["type"] != "DELETED":
                    slices[one.metadata.name] = one
                show(slices.values())
        except ApiException as error:
            print("watch:", error.status, error.reason, file=sys.stderr)
            version = None if error.status == 410 else version
            time.sleep(0.2)
        except Exception as error:  # what urllib3 and the TLS library raise when a connection breaks
            print("watch:", type(error).__name__, error, file=sys.stderr)
            time.sleep(0.2)


def by_informer():
    informer = SharedInformer(client.DiscoveryV1Api().list_namespaced_endpoint_slice, namespace="default")
    # Handlers run after the cache was updated, but for the deletions that a new list tells: those run before.
    for kind in (ADDED, MODIFIED, DELETED):
        informer.add_event_handler(kind, lambda _: show(informer.cache.list()))
    informer.start()
    threading.Thread(target=_show_in_turns, args=(informer,), daemon=True).start()
    sys.stdin.read()


def _show_in_turns(informer):
    """An empty cache and the end of a new list have no event of their own."""
    while True:
        time.sleep(0.2)
        show(informer.cache.list())


MODES = {"watch": by_watch, "informer": by_informer}

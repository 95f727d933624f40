#!/usr/bin/env bash
# The test leads: it starts a server, starts the client, waits until that watches, and only then changes something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; wait; rm -r "$work"' EXIT

fakeapi serve --dir "$work/cluster" --pods=none > "$work/ready.json" &
until [ -s "$work/ready.json" ]; do sleep 0.1; done
url=$(jq -r .url "$work/ready.json") token=$(jq -r .admin "$work/cluster/tokens.json")
call() { curl --silent --show-error --fail --noproxy '*' --cacert "$work/cluster/ca.crt" --header "Authorization: Bearer $token" "$@"; }

address=${url#https://}
FAKEAPI_DIR=$work/cluster KUBERNETES_SERVICE_HOST=${address%:*} KUBERNETES_SERVICE_PORT=${address##*:} ./watching-client.sh &
client=$!

call "$url/_fakeapi/v1/requests?verb=watch&resource=endpointslices&open=true&count=1&timeout=30s" > /dev/null
kill -0 $client  # nothing is ready, so it waits
call --header 'Content-Type: application/json' "$url/apis/discovery.k8s.io/v1/namespaces/default/endpointslices" --data '{
  "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
  "metadata": {"name": "db-1", "labels": {"kubernetes.io/service-name": "db"}},
  "endpoints": [{"addresses": ["10.20.0.1"], "conditions": {"ready": true}}]}' > /dev/null
wait $client
echo "the client waited until the database was ready"

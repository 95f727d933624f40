#!/usr/bin/env bash
# Lists once, then watches from there on; curl waits as long as Retry-After says.
set -euo pipefail
account=/var/run/secrets/kubernetes.io/serviceaccount
[ -e $account/token ] || account=$FAKEAPI_DIR/serviceaccount
slices=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/discovery.k8s.io/v1/namespaces/default/endpointslices
get() {
  curl --silent --show-error --fail --no-buffer --retry 10 --noproxy '*' --cacert $account/ca.crt \
    --header "Authorization: Bearer $(cat $account/token)" "$@"
}
list=$(get "$slices")
if jq --exit-status 'any(.items[].endpoints[]?; .conditions.ready)' <<< "$list" > /dev/null; then exit 0; fi
version=$(jq -r .metadata.resourceVersion <<< "$list")
# Not a pipe: it would end only when curl notices, at the event after the one that matters.
exec 3< <(get "$slices?watch=true&timeoutSeconds=240&resourceVersion=$version")
while read -r event <&3; do
  if jq --exit-status 'any(.object.endpoints[]?; .conditions.ready)' <<< "$event" > /dev/null; then exit 0; fi
done
exit 1

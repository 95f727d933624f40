#!/usr/bin/env bash
# The loop that everybody writes first: asks five times a second, whatever was answered.
set -euo pipefail
account=/var/run/secrets/kubernetes.io/serviceaccount
[ -e $account/token ] || account=$FAKEAPI_DIR/serviceaccount
slices=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/discovery.k8s.io/v1/namespaces/default/endpointslices
until curl --silent --noproxy '*' --cacert $account/ca.crt --header "Authorization: Bearer $(cat $account/token)" "$slices" |
  jq --exit-status 'any(.items[]?.endpoints[]?; .conditions.ready)' &> /dev/null; do
  sleep 0.2
done

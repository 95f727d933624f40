#!/bin/sh
# The recipe of 2017: ask the Endpoints API once a second with curl and jq, and stop when there is an address.
# It is here to be compared with, faults included: do not mend it. In a Pod API and SA are where they are in each container;
# under `fakeapi run` its variables say where.
API=${API:-$FAKEAPI_URL}
SA=${SA:-$FAKEAPI_DIR/serviceaccount}
while true; do
  addresses=$(curl -s --max-time 1 --cacert "$SA/ca.crt" -H "Authorization: Bearer $(cat "$SA/token")" \
    "$API/api/v1/namespaces/${NAMESPACE:-default}/endpoints/${SERVICE:-mysql}" | jq -r '.subsets[]?.addresses | length')
  if test "$addresses" -gt 0 2>/dev/null; then
    echo "believes ready: the Endpoints object holds addresses ($addresses)"
    exit 0
  fi
  echo "believes not-ready: no address in the Endpoints object"
  sleep 1
done

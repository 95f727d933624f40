// A cache of EndpointSlices by the library's informer. An informer stops at an error and leaves it to
// its user to start it again, as its documentation shows.
import * as k8s from '@kubernetes/client-node';

const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const pauseMs = 200;

export function follow(config) {
  const api = config.makeApiClient(k8s.DiscoveryV1Api);
  const informer = k8s.makeInformer(config, path, () =>
    api.listNamespacedEndpointSlice({ namespace: 'default' }),
  );
  const show = () => console.log(JSON.stringify({ view: view(informer.list()) }));
  for (const event of ['add', 'update', 'delete', 'connect']) informer.on(event, show);
  const start = () => informer.start().catch(again);
  const again = (error) => {
    console.error('informer:', error.message ?? error);
    setTimeout(start, pauseMs);
  };
  informer.on('error', again);
  start();
  process.stdin.on('end', () => process.exit(0)).resume();
}

const view = (slices) =>
  Object.fromEntries(
    slices.map((slice) => [
      slice.metadata.name,
      [slice.metadata.resourceVersion, ...(slice.endpoints ?? []).flatMap((one) => one.addresses)].join(' '),
    ]),
  );

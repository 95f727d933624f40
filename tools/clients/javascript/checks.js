// What programs on the JavaScript client do, one function for each thing.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';

import * as k8s from '@kubernetes/client-node';

const namespace = 'default';
const map = (name, labels = {}) => ({ metadata: { name, labels }, data: { a: '1' } });

const statusOf = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error.code;
  }
  assert.fail('the call should have failed');
};

const mergePatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch);
const strategicPatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.StrategicMergePatch);

async function listInPages(config) {
  const api = config.makeApiClient(k8s.CoreV1Api);
  for (let number = 0; number < 7; ++number)
    await api.createNamespacedConfigMap({ namespace, body: map(`map-${number}`, { odd: String(number % 2) }) });
  const names = [];
  let version;
  let _continue;
  do {
    const page = await api.listNamespacedConfigMap({ namespace, limit: 3, labelSelector: 'odd', _continue });
    names.push(...page.items.map((item) => item.metadata.name));
    assert.equal(page.metadata.resourceVersion, (version ??= page.metadata.resourceVersion));
    _continue = page.metadata._continue;
    if (_continue) await api.createNamespacedConfigMap({ namespace, body: map(`late-${names.length}`, { odd: 'late' }) });
  } while (_continue);
  assert.deepEqual(names, [0, 1, 2, 3, 4, 5, 6].map((number) => `map-${number}`));
  const odd = await api.listNamespacedConfigMap({ namespace, labelSelector: 'odd in (1)' });
  assert.equal(odd.items.length, 3);
}

async function write(config) {
  const api = config.makeApiClient(k8s.CoreV1Api);
  const created = await api.createNamespacedConfigMap({ namespace, body: map('one') });
  assert.ok(created.metadata.uid);
  assert.ok(created.metadata.creationTimestamp instanceof Date);
  assert.equal(await statusOf(api.createNamespacedConfigMap({ namespace, body: map('one') })), 409);
  const replaced = await api.replaceNamespacedConfigMap({ namespace, name: 'one', body: { ...created, data: { a: '2' } } });
  assert.deepEqual(replaced.data, { a: '2' });
  assert.equal(await statusOf(api.replaceNamespacedConfigMap({ namespace, name: 'one', body: { ...created, data: {} } })), 409);
  const patched = await api.patchNamespacedConfigMap({ namespace, name: 'one', body: { data: { a: null, b: '3' } } }, mergePatch);
  assert.deepEqual(patched.data, { b: '3' });
  const json = await api.patchNamespacedConfigMap({ namespace, name: 'one', body: [{ op: 'replace', path: '/data/b', value: '4' }] });
  assert.deepEqual(json.data, { b: '4' });
  const deleted = await api.deleteNamespacedConfigMap({ namespace, name: 'one' });
  assert.equal(deleted.status, 'Success');
  assert.equal(await statusOf(api.readNamespacedConfigMap({ namespace, name: 'one' })), 404);
}

async function workloads(config) {
  const api = config.makeApiClient(k8s.AppsV1Api);
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'example.com/web:1' }];
  const created = await api.createNamespacedDeployment({
    namespace,
    body: { metadata: { name: 'web' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } },
  });
  assert.equal(created.spec.replicas, 1);
  await api.patchNamespacedDeploymentScale({ namespace, name: 'web', body: { spec: { replicas: 3 } } }, mergePatch);
  const scale = await api.readNamespacedDeploymentScale({ namespace, name: 'web' });
  assert.equal(scale.spec.replicas, 3);
  const body = { spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'A', value: '1' }] }] } } } };
  const patched = await api.patchNamespacedDeployment({ namespace, name: 'web', body }, strategicPatch);
  assert.equal(patched.spec.template.spec.containers[0].image, 'example.com/web:1');
  assert.equal(patched.spec.template.spec.containers[0].env[0].value, '1');
  const status = { status: { replicas: 3, readyReplicas: 2 } };
  const changed = await api.patchNamespacedDeploymentStatus({ namespace, name: 'web', body: status }, mergePatch);
  assert.equal(changed.status.readyReplicas, 2);
  assert.equal(changed.spec.replicas, 3);
}

// KubernetesObjectApi finds the path of any kind by discovery.
async function objectsOfAnyKind(config) {
  const api = k8s.KubernetesObjectApi.makeApiClient(config);
  const wanted = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'one', namespace },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.20.0.1'] }],
  };
  await api.create(wanted);
  const read = await api.read({ apiVersion: wanted.apiVersion, kind: wanted.kind, metadata: wanted.metadata });
  assert.deepEqual(read.endpoints[0].addresses, ['10.20.0.1']);
  const list = await api.list('discovery.k8s.io/v1', 'EndpointSlice', namespace);
  assert.equal(list.items.length, 1);
  await api.delete(wanted);
  assert.equal(await statusOf(api.read(wanted)), 404);
}

async function serverSideApply(config) {
  const api = k8s.KubernetesObjectApi.makeApiClient(config);
  const apply = (manager, data, force = false) =>
    api.patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace }, data }, undefined, undefined,
      manager, force, k8s.PatchStrategy.ServerSideApply);
  await apply('alice', { a: '1', b: '1' });
  assert.equal(await statusOf(apply('bob', { a: '2' })), 409);
  assert.deepEqual((await apply('bob', { a: '2' }, true)).data, { a: '2', b: '1' });
  assert.deepEqual((await apply('alice', {})).data, { a: '2' });
}

// Reads a stream until it has `count` events or ends.
function events(config, parameters, count) {
  return new Promise((resolve, reject) => {
    const seen = [];
    let request;
    const enough = async () => {
      resolve(seen);
      (await request).abort();
    };
    const onEvent = (type, object) => {
      if (seen.length === count) return; // what was on its way when the stream was ended
      seen.push([type, object.metadata?.name ?? object.code, object.metadata?.resourceVersion]);
      if (seen.length === count) enough();
    };
    const onEnd = (error) => (error && seen.length < count ? reject(error) : resolve(seen));
    request = new k8s.Watch(config).watch(`/api/v1/namespaces/${namespace}/configmaps`, parameters, onEvent, onEnd);
  });
}

async function watchAndResume(config) {
  const api = config.makeApiClient(k8s.CoreV1Api);
  const start = (await api.listNamespacedConfigMap({ namespace })).metadata.resourceVersion;
  await api.createNamespacedConfigMap({ namespace, body: map('one') });
  await api.createNamespacedConfigMap({ namespace, body: map('two') });
  await api.patchNamespacedConfigMap({ namespace, name: 'one', body: { data: { a: '2' } } }, mergePatch);
  await api.deleteNamespacedConfigMap({ namespace, name: 'two' });
  for (let count = 1; count < 4; ++count) {
    const first = await events(config, { resourceVersion: start }, count);
    const rest = await events(config, { resourceVersion: first.at(-1)[2] }, 4 - count);
    assert.deepEqual([...first, ...rest].map(([type, name]) => `${type} ${name}`),
      ['ADDED one', 'ADDED two', 'MODIFIED one', 'DELETED two']);
  }
  assert.deepEqual(await events(config, { resourceVersion: start, timeoutSeconds: 1, labelSelector: 'no=such' }, 1), []);
}

async function watchFromOldVersion(config) {
  const api = config.makeApiClient(k8s.CoreV1Api);
  const old = (await api.createNamespacedConfigMap({ namespace, body: map('one') })).metadata.resourceVersion;
  await api.createNamespacedConfigMap({ namespace, body: map('two') });
  await compact(config);
  // More events than there are: the stream must end by itself.
  const seen = await events(config, { resourceVersion: old }, 2);
  assert.deepEqual(seen.map(([type, code]) => [type, code]), [['ERROR', 410]]);
}

async function compact(config) {
  const options = { method: 'POST' };
  await config.applyToHTTPSOptions(options);
  options.headers = { ...options.headers, 'Content-Type': 'application/json' };
  const request = https.request(config.getCurrentCluster().server + '/_fakeapi/v1/compact', options);
  request.end('{}');
  const [answer] = await once(request, 'response');
  answer.resume();
  assert.equal(Math.floor(answer.statusCode / 100), 2);
}

export const checks = {
  'list in pages': listInPages,
  'create, replace, patch, delete': write,
  'workloads, scale and status': workloads,
  'objects of any kind': objectsOfAnyKind,
  'server-side apply': serverSideApply,
  'watch and resume': watchAndResume,
  'watch from a version that is old': watchFromOldVersion,
};

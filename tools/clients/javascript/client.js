// A program on the JavaScript client: `check NAME` does one thing with the API and exits with 0 when
// all of it was right; `watch MODE` keeps an informer's cache and prints it at each change until its
// input ends.
import * as k8s from '@kubernetes/client-node';

import { checks } from './checks.js';
import { follow } from './follow.js';

const config = new k8s.KubeConfig();
config.loadFromDefault();

const [what, name] = process.argv.slice(2);
if (what === 'watch') {
  follow(config);
} else {
  await checks[name](config);
  process.exit(0); // informers and connections that are kept open would hold the process
}

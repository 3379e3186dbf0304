import { gunzipSync } from 'node:zlib';
import type { Rig } from '../rig.ts';
import published from './published-sets.json' with { type: 'json' };

/** Small sets in the layouts of CIFAR and Fashion-MNIST, and what Keras reads of them (published-sets.py). */
export { published };

/** Writes them as they were published into `data` of the rig's folder: archives and folders. */
export function writePublished(rig: Rig): void {
  for (const [folder, archive, set] of [
    ['cifar-10-batches-bin', 'cifar-10-binary', published.cifar10],
    ['cifar-100-binary', 'cifar-100-binary', published.cifar100],
  ] as const) {
    rig.write(`data/${archive}.tar.gz`, Buffer.from(set.archive, 'base64'));
    rig.write(`data/${archive.replace('binary', 'python')}.tar.gz`, Buffer.from(set.python, 'base64'));
    for (const [name, file] of Object.entries(set.files))
      rig.write(`data/${folder}/${name}`, gunzipSync(Buffer.from(file, 'base64')));
  }
  for (const [name, file] of Object.entries(published.fashionMnist.files))
    rig.write(`data/fashion/${name}`, Buffer.from(file, 'base64'));
}

import { expect, test } from 'vitest';
import { noContainers } from '../container.ts';
import { killedSweepsOnRay } from './killed-sweeps-on-ray.ts';

test.skipIf(noContainers !== undefined)(
  `sweeps on Ray whose drivers are killed lose no trial and double none${noContainers ? ` (${noContainers})` : ''}`,
  async () => {
    expect(await killedSweepsOnRay.run(killedSweepsOnRay.tries.reduced, () => {})).toEqual([]);
  },
  1_200_000,
);

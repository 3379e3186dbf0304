import { expect, test } from 'vitest';
import { noContainers } from '../container.ts';
import { containers } from './containers.ts';

test.skipIf(noContainers !== undefined)(
  'runs of containers that are killed go on in others, ' +
    `and lose nothing${noContainers === undefined ? '' : ` (${noContainers})`}`,
  async () => {
    expect(await containers.run(containers.tries.reduced, () => {})).toEqual([]);
  },
  1_200_000,
);

import { expect, test } from 'vitest';
import { noDisks } from '../disk.ts';
import { makeMemoryGroup } from '../memory-group.ts';
import { noOtherCache } from '../other-user.ts';
import { surroundings } from './surroundings.ts';

const group = makeMemoryGroup(800_000_000);
if (typeof group !== 'string') group.remove();
const missing = [noDisks, noOtherCache, ...(typeof group === 'string' ? [group] : [])].filter(
  (why) => why !== undefined,
);

test.skipIf(missing.length > 0)(
  'trouble around a run is told before it trains, ' +
    `or makes no difference${missing.length === 0 ? '' : ` (${missing.join('; ')})`}`,
  async () => {
    expect(await surroundings.run(surroundings.tries.reduced, () => {})).toEqual([]);
  },
  900_000,
);

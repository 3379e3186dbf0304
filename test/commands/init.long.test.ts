import { afterAll, expect, test } from 'vitest';
import { starters } from '../../src/commands/starters.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test.each(Object.keys(starters))(
  'what init %s writes runs, and its pace is told in what the data consists of',
  async (kind) => {
    await rig.run(['init', kind, `files/${kind}.yaml`]);
    const { code, stderr, stdout } = await rig.run(['run', `files/${kind}.yaml`, '--smoke']);
    expect([code, stderr]).toEqual([0, '']);
    const paces = stdout.match(/\d+ (images|samples)(?=\/s)/g)!.map((pace) => pace.split(' ')[1]);
    // That of the epoch, and that of the stage.
    expect(paces).toEqual(
      Array.from({ length: 2 }, () => (['regressor', 'sequence'].includes(kind) ? 'samples' : 'images')),
    );
  },
);

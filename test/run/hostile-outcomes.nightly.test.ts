import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { type StageName, stageNames } from '../../src/stages/stages.ts';
import {
  type ArrayValues,
  type Checkpoint,
  type NamedArray,
  bytesOfJson,
  loadCheckpoint,
  parseBytes,
  saveCheckpoint,
} from '../../src/checkpoints/checkpoint-file.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const rig = new Rig();
const digits = digitsPipeline({ epochs: 2, layers: '[flatten, dense 10]', figures: true });
const text = `${digits}  checkpoint: { everySteps: 1 }\n`;
const cache = join(rig.folder, 'cache');
let whole: string | null;
beforeAll(async () => {
  rig.writeDigits(200, 100);
  whole = (await runHere(rig, text, undefined, cache)).weightsSha256;
  cpSync(cache, join(rig.folder, 'whole'), { recursive: true });
}, 60_000);
afterAll(() => rig.remove());

// `RUNS=200 npx vitest run --project layerline test/run/hostile-outcomes.test.ts` tries more.
const numRuns = Number(process.env['RUNS'] ?? 8);

const deep = (): unknown => {
  let value: unknown = 0;
  for (let i = 0; i < 3000; i++) value = [value];
  return value;
};

/** What stands in the place of something else. */
const planted = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  'x',
  '',
  '../../x',
  '<script>alert(1)</script>',
  '\u001b[2J',
  -1,
  0.5,
  2 ** 53,
  1e308,
  [],
  {},
  [[]],
  { length: 1e9 },
  JSON.parse('{"__proto__": {"loss": 1}}'),
  { $array: 99 },
  { $array: -1 },
  { $number: 'x' },
  deep(),
);

/** Paths to all parts of a value; of long lists, those of the first. */
function placesIn(value: unknown): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, 12)
    .flatMap(([key, inner]) => [[key], ...placesIn(inner).map((rest) => [key, ...rest])]);
}

function plant(value: unknown, [key, ...rest]: readonly string[], what: unknown): unknown {
  if (key === undefined) return what;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? plant(item, rest, what) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, inner]) => [name, name === key ? plant(inner, rest, what) : inner]),
  );
}

const reshaped: readonly ((array: NamedArray) => NamedArray)[] = [
  (array) => ({ ...array, shape: [array.values.length - 1], values: array.values.slice(1) }),
  (array) => ({ ...array, shape: [0], values: array.values.slice(0, 0) }),
  (array) => ({ ...array, shape: [0, 1e9], values: array.values.slice(0, 0) }),
  (array) => ({
    ...array,
    values: (array.values instanceof Float32Array ? Int32Array : Float32Array).from([...array.values]) as ArrayValues,
  }),
  (array) => ({ ...array, shape: [...array.shape, 1] }),
  (array) => ({ ...array, name: `x${array.name}` }),
];

/** Any one part of what a file holds, changed. */
function changed({ state, arrays }: Checkpoint<unknown>): fc.Arbitrary<Checkpoint<unknown>> {
  const places = placesIn(state);
  const inState = fc
    .tuple(fc.constantFrom(...places), planted)
    .map(([place, what]) => ({ state: plant(state, place, what), arrays }));
  if (arrays.length === 0) return inState;
  const inArrays = fc
    .tuple(fc.nat(arrays.length - 1), fc.constantFrom(...reshaped))
    .map(([at, change]) => ({ state, arrays: arrays.with(at, change(arrays[at]!)) }));
  return fc.oneof({ weight: 4, arbitrary: inState }, { weight: 1, arbitrary: inArrays });
}

/** A run ends well, or tells its user why not; it never takes other weights for those of the file. */
async function expectRight(where: string | undefined): Promise<void> {
  const codes: string[] = [];
  const { error, status, weightsSha256 } = await runHere(
    rig,
    text,
    (event) => event.type === 'diagnostic' && codes.push(event.diagnostic.code),
    where,
  );
  if (error !== undefined) expect(error).toBeInstanceOf(UserError);
  else expect([status, weightsSha256]).toEqual(['FINISHED', whole]);
  for (const code of codes)
    expect([
      'cache-damaged',
      'damaged-checkpoint',
      'unfinished-record-damaged',
      'unfinished-run-unusable',
      'started-over',
      // The net is barely trained.
      'nothing-learnt',
    ]).toContain(code);
}

test.each(stageNames)(
  'a kept outcome of %s with any one part changed is used as it is right, or not at all',
  async (stage: StageName) => {
    const folder = join(rig.folder, 'whole', stage);
    const name = readdirSync(folder)[0]!;
    const { state, arrays } = loadCheckpoint<unknown>(join(folder, name));
    await fc.assert(
      fc.asyncProperty(
        changed({ state: parseBytes(arrays.at(-1)!.values as Uint8Array), arrays: arrays.slice(0, -1) }),
        fc.constantFrom('', 'evaluate', 'visualize'),
        async (outcome, gone) => {
          rmSync(cache, { recursive: true });
          cpSync(join(rig.folder, 'whole'), cache, { recursive: true });
          if (gone !== stage) rmSync(join(cache, gone === '' ? 'none' : gone), { recursive: true, force: true });
          const values = bytesOfJson(outcome.state);
          saveCheckpoint(join(cache, stage, name), {
            state,
            arrays: [...outcome.arrays, { name: 'outcome', shape: [values.length], values }],
          });
          await expectRight(cache);
        },
      ),
      { numRuns },
    );
  },
  240_000,
);

test('a checkpoint with any one part changed is gone on from as it is right, or not at all', async () => {
  rmSync(join(rig.folder, 'runs'), { recursive: true });
  let written = 0;
  await runHere(rig, text, (event, stop) => event.type === 'checkpoint-written' && ++written === 3 && stop());
  const kept = join(rig.folder, 'kept-runs');
  cpSync(join(rig.folder, 'runs'), kept, { recursive: true });
  const file = readdirSync(kept, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ckpt'))
    .toSorted()
    .at(-1)!;
  const content = loadCheckpoint<unknown>(join(kept, file));
  await fc.assert(
    fc.asyncProperty(changed(content), async (checkpoint) => {
      rmSync(join(rig.folder, 'runs'), { recursive: true });
      cpSync(kept, join(rig.folder, 'runs'), { recursive: true });
      saveCheckpoint(join(rig.folder, 'runs', file), checkpoint);
      await expectRight(undefined);
    }),
    { numRuns },
  );
  mkdirSync(join(rig.folder, 'runs'), { recursive: true });
}, 240_000);

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { pipelineSchema } from '../../src/language/schema/pipeline-schema.ts';
import { type SchemaView, view } from '../../src/language/schema/schema-view.ts';

type Written = Record<string, unknown>;

const files = ['mnist', 'penguins', 'co2', 'siamese', 'two-branch'].map((name) =>
  readFileSync(new URL(`../../pipelines/${name}.yaml`, import.meta.url), 'utf8'),
);

/** The keys that sections take, and the options of rows below them. */
function keysIn({ properties = {} }: SchemaView, depth: number): readonly string[] {
  return Object.entries(properties).flatMap(([key, part]) => [key, ...(depth === 0 ? [] : keysIn(part, depth - 1))]);
}
const keys = [...new Set(keysIn(view(pipelineSchema), 4))];

const isMap = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All maps of a file, with the way to each. */
function mapsIn(value: unknown, path: readonly string[] = []): readonly (readonly [Written, readonly string[]])[] {
  if (Array.isArray(value)) return value.flatMap((item, k) => mapsIn(item, [...path, String(k)]));
  if (!isMap(value)) return [];
  const inside = Object.entries(value).flatMap(([key, one]) => mapsIn(one, [...path, key]));
  return [[value, path], ...inside];
}

/** The map at a place, made where it is not there or is written as a text. */
function mapAt(root: Written, path: readonly string[]): Written {
  let at: Written = root;
  for (const step of path) {
    const inside = at[step];
    const name = typeof inside === 'string' ? /^\w+/.exec(inside)?.[0] : undefined;
    if (!isMap(inside) && !Array.isArray(inside)) at[step] = name === undefined ? {} : { [name]: {} };
    at = at[step] as Written;
  }
  return at;
}

const unknownIn = (file: Written, key: string) =>
  readPipeline({ name: 'p.yaml', text: JSON.stringify(file) }).diagnostics.filter(
    ({ code, message }) => code === 'unknown-key' && message.startsWith(`There is no \`${key}\``),
  );

// A place is proposed where the key may stand, and does not yet: whoever moves it there is not told of it again.
test('a key that stands elsewhere is sent where it is taken', () => {
  let sent = 0;
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.constantFrom(...keys), (text, which, key) => {
      const file = parse(text) as Written;
      const maps = mapsIn(file);
      const [map, path] = maps[which % maps.length]!;
      if (Object.hasOwn(map, key)) return;
      map[key] = 1;
      const [found] = unknownIn(file, key);
      const [, below] = /belongs in `(.+)`\.$/.exec(found?.hint ?? '') ?? [];
      const [, inside] = /belongs beside `(.+)`, not inside it\.$/.exec(found?.hint ?? '') ?? [];
      if (below === undefined && inside === undefined) return;
      sent++;
      delete map[key];
      const place = below?.split('.') ?? path.slice(0, path.lastIndexOf(inside!));
      const target = mapAt(file, place);
      expect(Object.hasOwn(target, key), `${key} in ${place.join('.')}`).toBe(false);
      target[key] = 1;
      expect(unknownIn(file, key), `${key} in ${place.join('.')}`).toEqual([]);
    }),
    { numRuns: 60, examples: [[files[0]!, 0, 'beta1']] },
  );
  expect(sent).toBeGreaterThan(0);
});

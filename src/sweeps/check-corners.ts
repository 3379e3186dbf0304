import { type Diagnostic, type Source, mistake } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import type { Distribution } from '../base/sweep-results.ts';
import type { PlacedSetting } from '../language/expand/placed-setting.ts';
import { oneLine } from '../language/syntax/one-line.ts';
import { type Node, type ScalarNode, toValue } from '../language/syntax/source-tree.ts';
import { checkWith } from '../plan/check-pipeline.ts';

/** A parameter of the space, as its file has it. */
export interface PlacedParameter {
  readonly path: ScalarNode;
  readonly distribution: Distribution;
  /** Each value of a list; of a range its bounds. */
  readonly values: readonly Node[];
  /** All of it. */
  readonly written: Node;
}

/** What is wrong with a sweep's values, and with what they make of the pipeline. */
export interface Corners {
  readonly file: Source;
  readonly base: Source;
  readonly space: readonly PlacedParameter[];
}

/**
 * Reads and plans the pipeline at the corners of a space: all bounds low, all high, and every value of every list at
 * least once. As many plans as the longest list has values, or three.
 */
export async function checkCorners({ file, base, space }: Corners): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  const add = (one: Diagnostic) => {
    const id = JSON.stringify([one.range?.start, one.range?.end, one.code]);
    if (!seen.has(id)) found.push(one);
    seen.add(id);
  };
  const count = Math.max(3, ...space.map(({ values }) => values.length));
  for (let corner = 0; corner < count; corner++) {
    const settings = space.map((parameter) => ({ path: parameter.path, value: valueAt(parameter, corner) }));
    const diagnostics = await checkWith(base, settings);
    const here = diagnostics.filter(({ range }) => range?.source === file);
    for (const one of here) add(withWay(one, space));
    if (here.every(({ severity }) => severity === 'warning') && diagnostics.some(isError))
      add(await together(base, settings, diagnostics.find(isError)!));
  }
  return found;
}

const isError = ({ severity }: Diagnostic) => severity === 'error';

/** Of a range of real numbers also one that is none of its bounds, which may be whole. */
function valueAt({ distribution, values, written }: PlacedParameter, corner: number): Node {
  if (distribution.kind !== 'float' || corner % 3 !== 2) return values[corner % values.length]!;
  const { low, high } = distribution;
  const between = [0.5, 0.4375, 0.3127].map((share) => low + share * (high - low));
  return {
    kind: 'scalar',
    value: between.find((value) => !Number.isInteger(value)) ?? low,
    range: written.range,
  };
}

/** A range of real numbers where whole ones are wanted has a way out of its own. */
function withWay(one: Diagnostic, space: readonly PlacedParameter[]): Diagnostic {
  const parameter = space.find(
    ({ written: { range }, distribution: { kind } }) =>
      kind === 'float' && range.start === one.range!.start && range.end === one.range!.end,
  );
  if (parameter?.distribution.kind !== 'float' || one.code !== 'wrong-type') return one;
  const { low, high, log } = parameter.distribution;
  const range = `int ${log ? 'log ' : ''}${Math.ceil(low)}..${Math.floor(high)}`;
  return { ...one, hint: `Write \`${range}\`, which takes whole numbers alone.` };
}

/** What values that are right one by one do together: told at the last of those that it takes. */
async function together(base: Source, settings: readonly PlacedSetting[], error: Diagnostic): Promise<Diagnostic> {
  let needed = settings;
  for (const one of settings) {
    const without = needed.filter((other) => other !== one);
    if (without.length > 0 && (await checkWith(base, without)).some(isError)) needed = without;
  }
  const show = ({ path, value }: PlacedSetting) => `\`${String(path.value)}: ${shorten(oneLine(toValue(value)))}\``;
  const last = needed.at(-1)!;
  return {
    ...mistake(
      'impossible-trial',
      `With ${needed.map(show).join(' and ')}: ${error.message}`,
      last.value.range,
      error.hint ?? 'Take the value out, or give what belongs together as one list of whole values.',
    ),
    related: [
      ...needed.slice(0, -1).map((one) => ({ message: `with ${show(one)}`, range: one.value.range })),
      ...(error.range === undefined ? [] : [{ message: 'it is wrong here', range: error.range }]),
      ...(error.related ?? []),
    ],
  };
}

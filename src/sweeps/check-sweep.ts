import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { type Diagnostic, type Source, UserError, mistake } from '../base/diagnostics.ts';
import { isMisfit } from '../base/row.ts';
import type { Distribution } from '../base/sweep-results.ts';
import { check } from '../language/check/check-schema.ts';
import { oncePerPlace } from '../language/check/once-per-place.ts';
import { expand } from '../language/expand/expand-short-forms.ts';
import { type Expansion, newExpansion, report } from '../language/expand/expansion.ts';
import { readBase } from '../language/expand/extend-base.ts';
import { inOrder, limit } from '../language/read-pipeline.ts';
import { readSource } from '../language/read-source.ts';
import { pipelineSchema } from '../language/schema/pipeline-schema.ts';
import { view } from '../language/schema/schema-view.ts';
import { explainOdd } from '../language/syntax/odd-characters.ts';
import { parseYaml } from '../language/syntax/parse-yaml.ts';
import { type Node, type ScalarNode, entryOf, rangeInside, toValue } from '../language/syntax/source-tree.ts';
import { type Glanced, type Waiting, checkAndFetch, glanceAtSource } from '../plan/check-pipeline.ts';
import { repetitionSpace } from '../run/repetition-points.ts';
import { type PlacedParameter, checkCorners } from './check-corners.ts';
import { checkGoal } from './check-goal.ts';
import { checkCounts } from './check-counts.ts';
import { readRange } from './distribution-text.ts';
import type { CheckedSweep } from './checked-sweep.ts';
import { executors } from './executors.ts';
import { sweepSchema } from './sweep-schema.ts';
import { toSweep } from './to-sweep.ts';

/** What a check of a sweep found. */
interface Examined extends Omit<Glanced, 'checked'> {
  /** Left out where there is a mistake. */
  readonly sweep?: CheckedSweep;
}

/**
 * Checks a sweep file, the pipeline that it varies, and that every value fits there; fetches the data that the
 * pipeline names by addresses.
 *
 * @throws UserError with every mistake, exit code 2; or when data cannot be fetched, exit code 1
 */
export async function checkSweepFile(file: string, waiting?: Waiting): Promise<CheckedSweep> {
  const { sweep, diagnostics } = await examine(readSource(file), async (base) => {
    const checked = await checkAndFetch(base, [], waiting);
    return { checked, diagnostics: checked.warnings };
  });
  if (sweep === undefined) throw new UserError(diagnostics, 2);
  return sweep;
}

/** As checkSweepFile, but nothing is fetched, and of large data the head is looked at. */
export function glanceAtSweep(source: Source): Promise<Glanced> {
  return examine(source, glanceAtSource);
}

/** @param checkBase all mistakes of the pipeline, told or thrown */
async function examine(source: Source, checkBase: (base: Source) => Promise<Glanced>): Promise<Examined> {
  const parsed = parseYaml(source);
  if (parsed.root === undefined) return { diagnostics: parsed.diagnostics };
  const { root } = parsed;
  if (!['sweep', 'space', 'goal'].some((key) => entryOf(root, key) !== undefined))
    return { diagnostics: [...parsed.diagnostics, notASweep(root)] };
  const state = newExpansion(parsed, { executor: executors });
  const schema = view(sweepSchema);
  const space = readSpace(root, state);
  const full = expand(root, schema, { ...root.range, end: root.range.start }, state);
  const own = [...check(full, schema, state)];
  const base = await readPipelineOf(root, source, checkBase);
  const rest = 'code' in base ? [base] : await checkBeside({ source, root, full, space }, base, own);
  const found = [...state.diagnostics, ...own, ...rest];
  const diagnostics = limit(
    explainOdd(
      inOrder(
        oncePerPlace(found, ({ message }) => message),
        source,
      ),
    ),
  );
  const seen = 'code' in base ? undefined : base.seen;
  const told = { diagnostics, ...(seen && { seen }) };
  if ('code' in base || base.checked === undefined || diagnostics.some(isError)) return told;
  const name = basename(source.name, extname(source.name));
  const sweep = toSweep(toValue(full), name, space);
  return { ...told, sweep: { source, sweep, base: base.checked, warnings: diagnostics } };
}

const isError = ({ severity }: Diagnostic) => severity === 'error';

function notASweep(root: Node): Diagnostic {
  return mistake(
    'not-a-sweep',
    'This is no sweep: it has no key `sweep`, which names the pipeline file.',
    { ...root.range, end: root.range.start },
    '`pipeline run FILE` runs a pipeline file; `pipeline init sweep` writes a sweep to start from.',
  );
}

/** The parameters that are written rightly. */
function readSpace(root: Node, state: Expansion): readonly PlacedParameter[] {
  const space = entryOf(root, 'space')?.value;
  if (space?.kind !== 'map') return [];
  return space.entries.flatMap(({ key, keyRange, value: written }): readonly PlacedParameter[] => {
    if (state.reported.has(written)) return [];
    const path: ScalarNode = { kind: 'scalar', value: key, range: keyRange };
    if (written.kind === 'list') {
      const distribution: Distribution = { kind: 'choice', choices: written.items.map(toValue) };
      return written.items.length === 0 ? [] : [{ path, distribution, values: written.items, written }];
    }
    if (written.kind !== 'scalar' || typeof written.value !== 'string') return [];
    const range = readRange(written.value);
    if (isMisfit(range)) {
      report(state, written, 'bad-distribution', range.problem, written.range, range.hint);
      return [];
    }
    const { distribution, low, high } = range;
    const bound = (value: number, [start, end]: readonly [number, number]): Node => ({
      kind: 'scalar',
      value,
      range: rangeInside(written, start, end),
    });
    return [{ path, distribution, values: [bound(distribution.low, low), bound(distribution.high, high)], written }];
  });
}

/** The pipeline of a sweep with all that a check found of it. */
interface Base extends Glanced {
  readonly source: Source;
}

/** @returns why there is none */
async function readPipelineOf(
  root: Node,
  source: Source,
  checkBase: (base: Source) => Promise<Glanced>,
): Promise<Base | Diagnostic> {
  const named = entryOf(root, 'sweep')?.value;
  const path = named?.kind === 'scalar' ? named.value : undefined;
  // The check has told that it is missing.
  if (named === undefined || typeof path !== 'string' || path === '') return { source, diagnostics: [] };
  const base = readBase(isAbsolute(path) ? path : join(dirname(source.name), path), path, named.range);
  if ('code' in base) return base;
  const refuse = (message: string) =>
    mistake('no-pipeline-to-sweep', message, named.range, 'Name the pipeline file whose values are to be varied.');
  let found: Glanced;
  try {
    found = await checkBase(base);
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 2) throw error;
    found = { diagnostics: error.diagnostics };
  }
  if (found.diagnostics.some(({ code }) => code === 'is-a-sweep')) return refuse(`\`${path}\` is itself a sweep.`);
  if (found.diagnostics.some(isError) && !hasSections(base))
    return refuse(`\`${path}\` is no pipeline file: it has none of its sections.`);
  return { source: base, ...found };
}

function hasSections(base: Source): boolean {
  const { root } = parseYaml(base);
  // What is no YAML tells that by itself.
  return root === undefined || Object.keys(pipelineSchema.properties).some((key) => entryOf(root, key) !== undefined);
}

/** That the pipeline is trained more than once by itself, so that a trial would be several runs. */
function repeating(root: Node, { checked }: Base): readonly Diagnostic[] {
  if (checked === undefined || repetitionSpace(checked.pipeline) === undefined) return [];
  return [
    mistake(
      'sweep-repeats',
      'The pipeline is trained several times by itself (`repeat`, `folds`), and a trial of a sweep is one training.',
      entryOf(root, 'sweep')!.value.range,
      'Leave both out of it, and repeat the best one; or vary `seed` in the space: `seed: [1, 2, 3]`.',
    ),
  ];
}

/** A sweep's tree as written and in full form, and what of its space is right. */
interface Written {
  readonly source: Source;
  readonly root: Node;
  readonly full: Node;
  readonly space: readonly PlacedParameter[];
}

/** What the sweep and its pipeline say together. @param own mistakes of the sweep by itself */
async function checkBeside(
  { source, root, full, space }: Written,
  base: Base,
  own: readonly Diagnostic[],
): Promise<readonly Diagnostic[]> {
  if (base.diagnostics.some(isError) || base.source === source) return base.diagnostics;
  const corners = space.length === 0 ? [] : await checkCorners({ file: source, base: base.source, space });
  const goal = entryOf(root, 'goal')?.value;
  const isRight = ({ range }: Node) => !own.some((one) => one.range?.start === range.start);
  const checkedGoal =
    goal?.kind === 'scalar' && typeof goal.value === 'string' && isRight(goal) ? checkGoal(goal, base.checked) : [];
  const written = entryOf(root, 'space')?.value;
  const isWhole = written?.kind === 'map' && written.entries.length === space.length;
  return [
    ...base.diagnostics,
    ...repeating(root, base),
    ...corners,
    ...checkedGoal,
    ...(own.length === 0 && isWhole ? checkCounts(full, space, base.checked?.pipeline.train.epochs) : []),
  ];
}

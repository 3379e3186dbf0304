import { isNull, newExpansion, withoutNulls } from './expand/expansion.ts';
import { type Diagnostic, type Range, type Source, mistake } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { check } from './check/check-schema.ts';
import { checkRemote } from './check/check-remote.ts';
import { checkTracking } from './check/check-tracking.ts';
import { expand } from './expand/expand-short-forms.ts';
import { extendBase } from './expand/extend-base.ts';
import { mistakeLimit } from './check/mistake-limit.ts';
import { nameLayers } from './expand/name-layers.ts';
import { explainOdd } from './syntax/odd-characters.ts';
import { oncePerPlace } from './check/once-per-place.ts';
import { parseYaml } from './syntax/parse-yaml.ts';
import { type Pipeline, type PlacedLayer, type ShapeParts, toPipeline } from './pipeline.ts';
import { findRightParts } from './check/parts-without-mistakes.ts';
import type { PlacedSetting } from './expand/placed-setting.ts';
import { applySettings } from './expand/settings.ts';
import { ofOneOutput, pipelineSchema, schemaFor, tables } from './schema/pipeline-schema.ts';
import { view } from './schema/schema-view.ts';
import { unfold, usesAround } from './expand/write-out-blocks.ts';
import {
  type MapNode,
  type Node,
  type Path,
  entryOf,
  keyRangeAt,
  rangeAt,
  replaceAt,
  toGiven,
  toValue,
} from './syntax/source-tree.ts';

/** Where a part of the pipeline is written; `ofKey`: its key. */
export type RangeOf = (path: Path, ofKey?: boolean) => Range;

/** What a text says, as far as it says it rightly. */
export interface ReadResult {
  /** Left out when there is an error. */
  readonly pipeline?: Pipeline;
  /** The full form with every default and every name, as JSON has it; reading it again gives the same pipeline. */
  readonly resolved?: unknown;
  /** What was written of that, without defaults. */
  readonly given?: unknown;
  /** Where there is an error: what is right all the same. */
  readonly parts?: ShapeParts;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the value at a path of the full form is written; of a value that is not there, the nearest one around it. */
  readonly rangeOf: RangeOf;
}

/**
 * Reads a pipeline file: all of its mistakes at once, or the pipeline. Never throws because of the text.
 *
 * @param settings laid over the file, such as `train.epochs=3`; mistakes in those of another file have their place
 *   there
 */
export function readPipeline(source: Source, settings: readonly (string | PlacedSetting)[] = []): ReadResult {
  const parsed = parseYaml(source);
  const top = { source, start: 0, end: 0 };
  if (parsed.root === undefined) return { diagnostics: parsed.diagnostics, rangeOf: () => top };
  const sweep = entryOf(parsed.root, 'sweep');
  if (sweep !== undefined)
    return {
      diagnostics: [
        mistake(
          'is-a-sweep',
          'This is a sweep, many runs of a pipeline file: it has the key `sweep`.',
          sweep.keyRange,
          `\`npx pipeline sweep ${shellWord(source.name)}\` runs it, \`pipeline validate\` checks it.`,
        ),
      ],
      rangeOf: () => top,
    };
  const state = newExpansion(parsed, tables);
  const schema = view(pipelineSchema);
  const { root: extended, whole } = extendBase(parsed.root, source, schema, state);
  const set = applySettings(extended, settings, schema, state);
  const unfolded = unfold(set, state);
  const train = entryOf(unfolded.root, 'train')?.value;
  const outputs = entryOf(train, 'outputs');
  const several = outputs !== undefined && !isNull(outputs.value);
  const fitting = schemaFor(several);
  const written = several ? replaceAt(unfolded.root, ['train'], withoutNulls(train!, ofOneOutput)) : unfolded.root;
  const expanded = expand(written, fitting, { ...parsed.root.range, end: parsed.root.range.start }, state);
  const root = nameLayers(expanded, unfolded, state);
  // What is missing may stand in a base that could not be read.
  const misplaced = [...checkTracking(root), ...checkRemote(root)];
  const misfits = check(root, fitting, state).filter(
    ({ code, range }) => (whole || code !== 'missing-key') && !misplaced.some((one) => one.range === range),
  );
  const diagnostics = limit(
    explainOdd(
      inOrder(
        oncePerPlace([...state.diagnostics, ...misfits, ...misplaced], ({ message }) =>
          message.replaceAll(/\[\d+\]/g, ''),
        ),
        source,
      ),
    ),
  );
  const rangeOf = (path: Path, ofKey = false) => (ofKey ? keyRangeAt : rangeAt)(root, path);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > mistakeLimit) return { diagnostics, rangeOf };
  const withUses = (layers: readonly PlacedLayer[]) =>
    layers.map((layer) => ({ ...layer, uses: usesAround(layer.name, unfolded) }));
  if (errors.length > 0) {
    const parts = findRightParts(root, errors, placeOfLayer, state.incomplete);
    return { parts: { ...parts, layers: withUses(parts.layers) }, diagnostics, rangeOf };
  }
  const resolved = toValue(root);
  const pipeline = toPipeline(resolved, layerRanges(root));
  return {
    pipeline: { ...pipeline, layers: withUses(pipeline.layers) },
    resolved,
    given: toGiven(root),
    diagnostics,
    rangeOf,
  };
}

function layerRanges(root: Node): readonly Range[] {
  const layers = entryOf(entryOf(root, 'model')?.value, 'layers')?.value;
  return layers?.kind === 'list' ? layers.items.map((layer) => placeOfLayer(layer as MapNode)) : [];
}

/**
 * A layer's place for messages: its compact text, or the key with its type; of one that `share` has written out, what
 * that names.
 */
function placeOfLayer(layer: MapNode): Range {
  const share = entryOf(layer, 'share')?.keyRange;
  if (
    share !== undefined &&
    (share.source !== layer.range.source || share.start < layer.range.start || share.start >= layer.range.end)
  )
    return share;
  const { keyRange } = layer.entries[0]!;
  const compact =
    keyRange.start === layer.range.start &&
    !/^['"]?[\w-]+['"]?\s*:/.test(layer.range.source.text.slice(layer.range.start));
  return compact ? layer.range : keyRange;
}

/** The first of very many: a file that is wrong everywhere is answered as fast as every other. */
export function limit(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= mistakeLimit) return diagnostics;
  const shown = diagnostics.slice(0, mistakeLimit);
  const message = `There are more mistakes; these are the first ${mistakeLimit}.`;
  return [...shown, mistake('too-many-mistakes', message, shown.at(-1)!.range!)];
}

/** In the order of the text; what lies in other texts comes after the file itself. */
export function inOrder(diagnostics: readonly Diagnostic[], file: Source): readonly Diagnostic[] {
  const sources = [...new Set([file, ...diagnostics.map(({ range }) => range?.source)])];
  return [...diagnostics].sort(
    (a, b) =>
      sources.indexOf(a.range?.source) - sources.indexOf(b.range?.source) ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}

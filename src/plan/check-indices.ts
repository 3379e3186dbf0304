import type { PlannedLayer } from './planned-model.ts';
import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import type { DatasetSpec, InputSpec } from '../datasets/dataset.ts';
import type { IndexFacts } from '../datasets/index-facts.ts';
import { layerRow } from '../layers/layers.ts';
import { type Values, anything, describeValues } from '../layers/values.ts';
import { type FollowedInput, followValues, valuesOf } from './follow-values.ts';
import type { PlacedLayer } from '../language/pipeline.ts';

type Layers = readonly (PlannedLayer | undefined)[];
type Problem = Pick<Diagnostic, 'code' | 'message' | 'hint' | 'related'>;

/** An input of the data, with what its files tell of it. */
interface Source extends FollowedInput {
  readonly name: string;
  readonly values: Values;
  readonly facts: IndexFacts;
}

/**
 * Finds layers that read something else than indices, or not all that they get: TensorFlow would cut fractions off, as
 * Keras does, or stop at the first index beyond.
 *
 * @param layers undefined where one does not fit
 */
export function checkIndices(
  layers: Layers,
  placed: readonly PlacedLayer[],
  { inputs, indexFacts }: DatasetSpec,
): readonly Diagnostic[] {
  if (layers.every((layer) => knownTo(layer) === undefined)) return [];
  const sources = inputs.map((spec) => sourceOf(spec, indexFacts));
  const values = followValues(layers, sources);
  return layers.flatMap((layer, index): Diagnostic[] => {
    const known = knownTo(layer);
    if (known === undefined || placed[index]!.unsure !== undefined) return [];
    return problemsOf(index, { layers, placed, sources, values, known }).map(
      ({ code, message, hint, related = [] }) => ({
        ...mistake(code, `\`${layer!.name}\` reads ${message}`, placed[index]!.range, hint),
        related: [...related, ...(placed[index]!.uses ?? [])],
      }),
    );
  });
}

const knownTo = (layer: PlannedLayer | undefined) =>
  layer === undefined ? undefined : layerRow(layer.type).readsIndices?.(layer.options);

interface Reading {
  readonly layers: Layers;
  readonly placed: readonly PlacedLayer[];
  readonly sources: readonly Source[];
  readonly values: readonly Values[];
  /** Indices are below it. */
  readonly known: number;
}

/**
 * What is wrong with what a layer reads: where other numbers are made of indices, else with the data, else with the
 * range.
 */
function problemsOf(index: number, reading: Reading): readonly Problem[] {
  const { layers, placed, sources, values, known } = reading;
  const {
    name,
    inputs: [from],
  } = layers[index]!;
  const way = wayTo(index, reading);
  if (way === undefined) return [];
  const data = [...way.sources].flatMap((source) => sources[source]!.facts.misfit ?? []);
  if (way.makers.length > 0) {
    return way.makers.map((at) => {
      const maker = layers[at]!.name;
      const move = `Put \`${name}\` above \`${maker}\`, or remove one of the two.`;
      return {
        code: 'calculated-indices',
        message: `whole numbers from 0 on, but \`${maker}\` makes others.`,
        hint: [move, ...(data[0]?.hint === undefined ? [] : [data[0].hint])].join(' '),
        related: [{ message: `${maker} calculates with what it gets`, range: placed[at]!.range }],
      };
    });
  }
  if (data.length > 0)
    return data.map(({ problem, hint }) => ({
      code: 'not-indices',
      message: `whole numbers from 0 on, but ${problem}.`,
      ...(hint === undefined ? {} : { hint }),
    }));
  const given = from! < 0 ? sources[-1 - from!]!.values : values[from!]!;
  if (given.low >= 0 && given.high < known) return [];
  if (!way.changes) return [...way.sources].flatMap((source) => rangeProblem(sources[source]!, known) ?? []);
  const last = `\`${layers[from!]!.name}\` gives ${describeValues({ low: given.low, high: given.high })}.`;
  if (given.low < 0)
    return [
      {
        code: 'not-indices',
        message: `whole numbers from 0 on, but ${last}`,
        hint: 'Number them from 0 on in the data: zeros that fill up a batch pass through here too.',
      },
    ];
  return [
    {
      code: 'index-out-of-range',
      message: `numbers below ${known}, but ${last}`,
      ...(Number.isFinite(given.high) ? { hint: `Make it ${given.high + 1}.` } : {}),
    },
  ];
}

/** What the values that a layer reads come from. */
interface Way {
  /** The nearest layers that make other numbers of whole ones. */
  readonly makers: readonly number[];
  /** The inputs of the data that lead there, whatever is made of them. */
  readonly sources: ReadonlySet<number>;
  /** Whether they become other whole numbers. */
  readonly changes: boolean;
}

const ids: Values = { low: 0, high: 7, whole: true };

/** Undefined where a layer on the way does not fit. */
function wayTo(index: number, { layers, placed, sources }: Reading): Way | undefined {
  const [makers, found] = [new Set<number>(), new Set<number>()];
  let changes = false;
  const open = new Set(layers[index]!.inputs);
  const beyond = new Set<number>();
  for (const from of open) {
    const layer = layers[from];
    if (from < 0) found.add(-1 - from);
    else if (layer === undefined || placed[from]!.unsure !== undefined) return undefined;
    else {
      const made = valuesOf(layer, layers, sources, () => ids);
      if (made.whole === true) {
        changes ||= made.low !== ids.low || made.high !== ids.high;
        // What reads indices gives its own.
        if (knownTo(layer) === undefined) for (const one of layer.inputs) open.add(one);
      } else {
        makers.add(from);
        for (const one of layer.inputs) beyond.add(one);
      }
    }
  }
  for (const from of beyond) {
    if (from < 0) found.add(-1 - from);
    else for (const one of layers[from]?.inputs ?? []) beyond.add(one);
  }
  return { makers: [...makers], sources: found, changes };
}

function sourceOf({ name, indices, scale, dtype, shape }: InputSpec, indexFacts: DatasetSpec['indexFacts']): Source {
  const count = indices ?? (dtype === 'uint8' && scale === 1 && indexFacts === undefined ? 256 : undefined);
  if (count !== undefined) return { name, shape, facts: {}, values: { low: 0, high: count - 1, whole: true } };
  const facts = indexFacts?.(name) ?? {
    misfit: { problem: `the values of \`${name}\` are not: they go from 0 to 1`, hint: 'The data holds no indices.' },
  };
  const { smallest, largest } = facts;
  // Zeros fill up the last batch, and stand for samples while a step is compiled.
  return {
    name,
    shape,
    facts,
    values:
      smallest === undefined || largest === undefined
        ? anything
        : { low: Math.min(0, smallest.value), high: Math.max(0, largest.value), whole: true },
  };
}

/** Where an input has indices beyond those that a layer knows. */
function rangeProblem(
  { name, values: { high }, facts: { smallest, largest } }: Source,
  known: number,
): Problem | undefined {
  if (smallest !== undefined && smallest.value < 0)
    return { code: 'not-indices', message: `whole numbers from 0 on, but ${smallest.place()}.`, hint: smallest.hint };
  if (high < known) return undefined;
  if (largest === undefined)
    return {
      code: 'index-out-of-range',
      message: `numbers below ${known}, but \`${name}\` has ${high + 1}: 0 to ${high}.`,
      hint: `Make it ${high + 1}.`,
    };
  return {
    code: 'index-out-of-range',
    message: `numbers below ${known}, but ${largest.place()}.`,
    hint: `Make it ${high + 1}, or correct the cell.`,
  };
}

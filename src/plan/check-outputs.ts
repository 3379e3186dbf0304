import { formatShape } from '../base/tensor-shape.ts';
import type { RangeOf } from '../language/read-pipeline.ts';
import type { PlannedLayer } from './planned-model.ts';
import { type Diagnostic, asWarning, mistake } from '../base/diagnostics.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import type { Misfit } from '../base/row.ts';
import type { DatasetSpec, TargetSpec } from '../datasets/dataset.ts';
import { layerRow } from '../layers/layers.ts';
import { lossRow } from '../training/losses.ts';
import { lossMisfit } from '../training/output.ts';
import { whyAsTheyAre } from '../training/standardizing.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import { followValues } from './follow-values.ts';
import type { ShapeParts } from '../language/pipeline.ts';
import { shorten } from '../base/shorten.ts';

type Output = ShapeParts['outputs'][number];

/** What the outputs of a pipeline come to. */
interface OutputCheck {
  /** For each target of the data, the index of the layer that predicts it; left out when something is wrong. */
  readonly outputs?: readonly number[];
  /** See Plan; together with `outputs`. */
  readonly asTheyAre?: readonly (string | null)[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the layer that predicts each target of the data, and checks that its loss fits both.
 *
 * @param layers left out when one of them is wrong: what depends on their shapes is then not checked
 */
export function checkOutputs(
  parts: ShapeParts,
  layers: readonly PlannedLayer[] | undefined,
  { targets, inputs = [] }: Pick<DatasetSpec, 'targets'> & Partial<Pick<DatasetSpec, 'inputs'>>,
  rangeOf: RangeOf,
): OutputCheck {
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const report = (
    code: Code,
    path: readonly (string | number)[],
    { problem, hint }: Misfit,
    related?: Diagnostic['related'],
  ): void => {
    diagnostics.push({ ...mistake(code, problem, rangeOf(path), hint), ...(related === undefined ? {} : { related }) });
  };
  const [first] = parts.outputs;
  if (first !== undefined && first.target === undefined && targets.length > 1) {
    report('several-targets', ['train', 'loss'], {
      problem: `The data has several targets, ${listNames(targets.map(({ name }) => name))}, and \`loss\` is for one.`,
      hint: `Give each its own: \`outputs: { ${targets.map(({ name }) => `${name}: { loss: ... }`).join(', ')} }\`.`,
    });
    return { diagnostics };
  }
  const found = new Map<TargetSpec, number>();
  const asTheyAre = new Map<TargetSpec, string>();
  const values = layers === undefined ? [] : followValues(layers, inputs);
  for (const output of parts.outputs) {
    const target = output.target === undefined ? targets[0] : targets.find(({ name }) => name === output.target);
    if (target === undefined) {
      report('unknown-target', ['train', 'outputs', output.target!], unknownTarget(output.target!, targets));
      continue;
    }
    const index = parts.complete ? placeOf(output, parts) : undefined;
    if (index === -1)
      report('unknown-layer-name', ['train', 'outputs', target.name, 'layer'], unknownLayer(output, parts));
    if (layers === undefined || index === undefined || index < 0) continue;
    const other = [...found].find(([, place]) => place === index)?.[0];
    if (other !== undefined) {
      const { message, hint } = sameLayer(layers[index]!.name, target, other);
      warnings.push(asWarning(mistake('same-layer', message, rangeOf(['train', 'outputs', target.name]), hint)));
    }
    found.set(target, index);
    const { type } = output.loss;
    const facts = { layer: layers[index]!.name, shape: layers[index]!.outputShape, values: values[index]! };
    const why =
      target.kind === 'number'
        ? whyAsTheyAre(target, type, lossRow(type), {
            ...facts,
            setsUnit: layerRow(layers[index]!.type).setsUnit === true,
          })
        : undefined;
    if (why !== undefined) asTheyAre.set(target, why);
    const misfit = lossMisfit(type, lossRow(type), target, facts) ?? standardizeMisfit(target, why);
    const lossPath = output.target === undefined ? ['train', 'loss'] : ['train', 'outputs', target.name, 'loss'];
    const related = [
      {
        message: `\`${layers[index]!.name}\` gives ${formatShape(layers[index]!.outputShape)}`,
        range: parts.layers[index]!.range,
      },
    ];
    if (misfit !== undefined) report('loss-misfit', lossPath, misfit, related);
    if (target.kind !== 'number' || why !== undefined) continue;
    const far = farBias(layers[index]!, target);
    if (far !== undefined)
      warnings.push(asWarning(mistake('far-bias', far.problem, parts.layers[index]!.range, far.hint!)));
    const wide = farDelta(output.loss, target);
    if (wide !== undefined)
      warnings.push(asWarning(mistake('far-delta', wide.problem, rangeOf([...lossPath, type, 'delta']), wide.hint!)));
  }
  for (const { name } of parts.allOutputs && diagnostics.every(({ code }) => code !== 'unknown-target')
    ? targets.filter(
        (target) => !parts.outputs.some((output) => output.target === undefined || output.target === target.name),
      )
    : []) {
    report('missing-output', ['train', 'outputs'], {
      problem: `No output predicts \`${name}\`, which the data has as a target.`,
      hint: `Add it, \`${name}: { loss: ... }\`, or take it out of the data's targets.`,
    });
  }
  const all =
    diagnostics.length > 0 || found.size < targets.length
      ? {}
      : {
          outputs: targets.map((target) => found.get(target)!),
          asTheyAre: targets.map((target) => asTheyAre.get(target) ?? null),
        };
  return { ...all, diagnostics: [...diagnostics, ...warnings] };
}

/** Says why a target cannot be standardized that the user has named for it. */
function standardizeMisfit(target: TargetSpec, why: string | undefined): Misfit | undefined {
  if (why === undefined || target.kind !== 'number' || target.standardize !== true) return undefined;
  return {
    problem: `\`${target.name}\` cannot be standardized, as \`standardize\` asks: ${why}`,
    hint: 'Take it out of `standardize`; or use `loss: meanSquaredError`, and end with a layer without activation.',
  };
}

/** Says that an output begins far from all numbers: as it should where they are not standardized. */
function farBias({ name, options }: PlannedLayer, target: TargetSpec): Misfit | undefined {
  const { constant } = (options['biasInitializer'] ?? {}) as { readonly constant?: { readonly value: number } };
  if (constant === undefined || Math.abs(constant.value) < 10) return undefined;
  return {
    problem:
      `The bias of \`${name}\` begins at ${constant.value}, but \`${target.name}\` is standardized for training: ` +
      `that is ${Math.abs(constant.value)} standard deviations from its mean.`,
    hint: 'Remove `biasInitializer`.',
  };
}

/** Says that two targets are predicted by the same values. */
function sameLayer(
  layer: string,
  { name }: TargetSpec,
  other: TargetSpec,
): { readonly message: string; readonly hint: string } {
  return {
    message:
      `\`${layer}\` predicts both \`${other.name}\` and \`${name}\`: ` +
      'what it gives is taken for the one and for the other.',
    hint: `Give \`${name}\` a layer of its own, and name it: \`${name}: { layer: NAME, ... }\`.`,
  };
}

/** Says that `huberLoss` becomes linear beyond all numbers: as it should not where they are not standardized. */
function farDelta({ options }: Output['loss'], target: TargetSpec): Misfit | undefined {
  const delta = options['delta'];
  if (typeof delta !== 'number' || delta < 10) return undefined;
  return {
    problem:
      `\`delta\` is ${delta}, but \`${target.name}\` is standardized for training: so many standard deviations ` +
      'from its mean there are hardly any numbers, and the loss is half the squared difference.',
    hint:
      'Remove `delta`, or give it in standard deviations, such as 1; ' +
      'with `standardize: false` it counts in the unit of the file.',
  };
}

/** The index of an output's layer: the one it names, or the last; -1 where there is none. */
function placeOf({ layer }: Output, { layers }: ShapeParts): number {
  return layer === undefined ? layers.length - 1 : layers.findIndex(({ name }) => name === layer);
}

function unknownTarget(name: string, targets: readonly TargetSpec[]): Misfit {
  const names = targets.map((target) => target.name);
  const guess = nearest(name, names);
  return {
    problem: `The data has no target \`${shorten(name)}\`.`,
    hint: guess === undefined ? `It has ${listNames(names)}.` : `Did you mean \`${guess}\`?`,
  };
}

function unknownLayer({ target, layer }: Output, { layers }: ShapeParts): Misfit {
  const guess = nearest(
    layer!,
    layers.map(({ name }) => name),
  );
  const hint =
    layer === target
      ? `Give the layer that predicts it this name, or say which it is: \`${target}: { layer: NAME, ... }\`.`
      : 'Name a layer of the model.';
  return {
    problem: `No layer is named \`${shorten(layer!)}\`.`,
    hint: guess === undefined ? hint : `Did you mean \`${guess}\`?`,
  };
}

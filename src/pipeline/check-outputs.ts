import type { Diagnostic } from '../base/diagnostics.ts';
import type { Misfit } from '../base/row.ts';
import type { DatasetSpec, TargetSpec } from '../datasets/dataset.ts';
import { formatShape } from '../layers/layer.ts';
import { lossRow } from '../training/losses.ts';
import { lossMisfit } from '../training/output.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import { followValues } from './follow-values.ts';
import type { ShapeParts } from './pipeline.ts';
import type { PlannedLayer, RangeOf } from './plan.ts';
import { shorten } from '../base/shorten.ts';

type Output = ShapeParts['outputs'][number];

/** What the outputs of a pipeline come to. */
interface OutputCheck {
  /** For each target of the data, the index of the layer that predicts it; left out when something is wrong. */
  readonly outputs?: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the layer that predicts each target of the data, and checks that its loss fits both.
 *
 * @param layers left out when one of them is wrong: what depends on their shapes is then not checked
 */
export function checkOutputs(parts: ShapeParts, layers: readonly PlannedLayer[] | undefined, { targets, inputs = [] }: Pick<DatasetSpec, 'targets'> & Partial<Pick<DatasetSpec, 'inputs'>>, rangeOf: RangeOf): OutputCheck {
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, path: readonly (string | number)[], { problem, hint }: Misfit, related?: Diagnostic['related']): void => {
    diagnostics.push({ code, severity: 'error', message: problem, range: rangeOf(path), ...(hint === undefined ? {} : { hint }), ...(related === undefined ? {} : { related }) });
  };
  const [first] = parts.outputs;
  if (first !== undefined && first.target === undefined && targets.length > 1) {
    report('several-targets', ['train', 'loss'], { problem: `The data has several targets, ${listNames(targets.map(({ name }) => name))}, and \`loss\` is for one.`, hint: `Give each its own: \`outputs: { ${targets.map(({ name }) => `${name}: { loss: ... }`).join(', ')} }\`.` });
    return { diagnostics };
  }
  const found = new Map<TargetSpec, number>();
  const values = layers === undefined ? [] : followValues(layers, inputs);
  for (const output of parts.outputs) {
    const target = output.target === undefined ? targets[0] : targets.find(({ name }) => name === output.target);
    if (target === undefined) {
      report('unknown-target', ['train', 'outputs', output.target!], unknownTarget(output.target!, targets));
      continue;
    }
    const index = parts.complete ? placeOf(output, parts) : undefined;
    if (index === -1) report('unknown-layer', ['train', 'outputs', target.name, 'layer'], unknownLayer(output, parts));
    if (layers === undefined || index === undefined || index < 0) continue;
    found.set(target, index);
    const { type } = output.loss;
    const misfit = lossMisfit(type, lossRow(type), target, { layer: layers[index]!.name, shape: layers[index]!.outputShape, values: values[index]! });
    const related = [{ message: `\`${layers[index]!.name}\` gives ${formatShape(layers[index]!.outputShape)}`, range: parts.layers[index]!.range }];
    if (misfit !== undefined) report('loss-misfit', output.target === undefined ? ['train', 'loss'] : ['train', 'outputs', target.name, 'loss'], misfit, related);
  }
  for (const { name } of parts.allOutputs && diagnostics.every(({ code }) => code !== 'unknown-target') ? targets.filter((target) => !parts.outputs.some((output) => output.target === undefined || output.target === target.name)) : []) {
    report('missing-output', ['train', 'outputs'], { problem: `No output predicts \`${name}\`, which the data has as a target.`, hint: `Add it, \`${name}: { loss: ... }\`, or take it out of the data's targets.` });
  }
  return { ...(diagnostics.length > 0 || found.size < targets.length ? {} : { outputs: targets.map((target) => found.get(target)!) }), diagnostics };
}

/** The index of an output's layer: the one it names, or the last; -1 where there is none. */
function placeOf({ layer }: Output, { layers }: ShapeParts): number {
  return layer === undefined ? layers.length - 1 : layers.findIndex(({ name }) => name === layer);
}

function unknownTarget(name: string, targets: readonly TargetSpec[]): Misfit {
  const names = targets.map((target) => target.name);
  const guess = nearest(name, names);
  return { problem: `The data has no target \`${shorten(name)}\`.`, hint: guess === undefined ? `It has ${listNames(names)}.` : `Did you mean \`${guess}\`?` };
}

function unknownLayer({ target, layer }: Output, { layers }: ShapeParts): Misfit {
  const guess = nearest(layer!, layers.map(({ name }) => name));
  const hint = layer === target ? `Give the layer that predicts it this name, or say which it is: \`${target}: { layer: NAME, ... }\`.` : 'Name a layer of the model.';
  return { problem: `No layer is named \`${shorten(layer!)}\`.`, hint: guess === undefined ? hint : `Did you mean \`${guess}\`?` };
}

import type { Diagnostic } from '../base/diagnostics.ts';
import { layerRow } from '../layers/layers.ts';
import type { PlacedLayer } from './pipeline.ts';
import type { PlannedLayer } from './plan.ts';

/**
 * Finds layers whose weights no gradient reaches: all that is made of their output goes into layers that read whole numbers.
 *
 * @param outputs indices of the layers that a loss is taken of
 */
export function checkGradients(layers: readonly PlannedLayer[], placed: readonly PlacedLayer[], outputs: readonly number[]): readonly Diagnostic[] {
  const users = layers.map((_, index) => layers.flatMap(({ inputs }, user) => (inputs.includes(index) ? [user] : [])));
  const reached: boolean[] = [];
  for (let index = layers.length - 1; index >= 0; index--) {
    reached[index] = users[index]!.length === 0 || outputs.includes(index) || users[index]!.some((user) => reached[user] === true && !readsIndices(layers[user]!));
  }
  return layers.flatMap(({ name, parameters }, index): Diagnostic[] => {
    const shared = layers.some(({ shares }, user) => shares === index && reached[user]);
    if (reached[index] === true || shared || parameters.trainable === 0) return [];
    const reader = firstReader(index, users, layers);
    return [{
      code: 'no-gradient',
      severity: 'error',
      message: `\`${name}\` could never learn: its output ends in \`${layers[reader]!.name}\`, which reads whole numbers and passes no gradient on.`,
      range: placed[index]!.range,
      hint: `Put it below \`${layers[reader]!.name}\`, or remove it.`,
      related: [{ message: `${layers[reader]!.name} reads whole numbers`, range: placed[reader]!.range }, ...(placed[index]!.uses ?? [])],
    }];
  });
}

const readsIndices = ({ type, options }: PlannedLayer) => layerRow(type).readsIndices?.(options) !== undefined;

/** The nearest layer below that reads whole numbers. */
function firstReader(index: number, users: readonly (readonly number[])[], layers: readonly PlannedLayer[]): number {
  const below = new Set([index]);
  for (const at of below) {
    if (at !== index && readsIndices(layers[at]!)) return at;
    for (const user of users[at]!) below.add(user);
  }
  throw new Error(`nothing below layer ${index} reads whole numbers`);
}

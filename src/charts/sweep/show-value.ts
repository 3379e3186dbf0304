import { stringify } from 'yaml';
import type { Distribution } from '../../base/sweep-results.ts';

/** A value of a trial on one line, as a pipeline file has it: `adam`, `{ conv2d: { filters: 32 } }`. */
export function showValue(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0, aliasDuplicateObjects: false });
  return text.trimEnd().replaceAll(/\s*\n\s*/g, ' ');
}

/** The same for where values are compared: of a number that is drawn from a range, four digits. */
export function showRoughly(value: unknown, distribution: Distribution | undefined): string {
  const isDrawn = distribution?.kind === 'float' && typeof value === 'number' && Number.isFinite(value);
  return showValue(isDrawn ? Number(value.toPrecision(4)) : value);
}

import { stringify } from 'yaml';

/** A value as a pipeline file would have it, on one line: `{ monitor: val_loss, patience: 5 }`. */
export function oneLine(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

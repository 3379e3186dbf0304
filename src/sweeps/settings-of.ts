import type { TrialValues } from '../base/sweep-results.ts';

/**
 * The settings with which a trial's pipeline is read, one text `path=value` for each, as `--set` takes them: reading
 * them gives the very values back.
 */
export function settingsOf(values: TrialValues): readonly string[] {
  return Object.entries(values).map(([path, value]) => `${path}=${flow(value)}`);
}

/** A value as flow YAML, which JSON is but for -0. */
function flow(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${quoted(key)}: ${flow(item)}`)
      .join(', ')} }`;
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** In double quotes; characters that are refused or folded in a file are written by their numbers. */
const quoted = (text: string) =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

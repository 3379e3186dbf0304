import type { Code } from '../base/mistakes/mistakes.ts';
import type { SamplePlace } from '../datasets/dataset.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { warnOfLargeNumbers } from './large-numbers.ts';
import type { LoadedData } from './load.ts';

/** Something about data that is rarely meant, as it is told and recorded. */
export interface Finding {
  readonly code: Code;
  readonly severity: 'warning';
  readonly message: string;
  readonly hint?: string;
  /** Some of the samples that it is about; none where it is about no single ones. */
  readonly places: readonly SamplePlace[];
}

/** Who is told one of these knows of the others. */
const covered: Readonly<Partial<Record<Code, readonly Code[]>>> = {
  'copied-pictures': ['alike-samples'],
  'copied-into-test': ['sample-on-both-sides'],
  'picture-in-two-classes': ['one-input-two-labels'],
  'target-as-feature': ['target-determined'],
  'test-is-train': ['sample-on-both-sides'],
};

/** What the check of a pipeline has told about its data. */
export function findingsOfCheck({ plan: { dataset } }: CheckedPipeline): readonly Finding[] {
  return (dataset.warnings ?? []).map(asFinding);
}

/** What reading the data tells beyond that: no kind that the check has told already. */
export function findingsOfReading(
  checked: CheckedPipeline,
  { warnings, fitted }: Pick<LoadedData, 'warnings' | 'fitted'>,
): readonly Finding[] {
  const found = [...warnings, ...warnOfLargeNumbers(checked.plan, fitted)];
  const told = checked.warnings.map(({ code }) => code);
  const known = new Set([
    ...told,
    ...[...told, ...found.map(({ code }) => code)].flatMap((code) => covered[code] ?? []),
  ]);
  return found.filter(({ code }) => !known.has(code)).map(asFinding);
}

function asFinding({ code, problem, hint, places = [] }: LoadedData['warnings'][number]): Finding {
  return {
    code,
    severity: 'warning',
    message: `${problem}.`,
    ...(hint === undefined ? {} : { hint }),
    places,
  };
}

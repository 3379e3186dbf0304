import { dirname } from 'node:path';
import { type Diagnostic, type Source, UserError } from '../base/diagnostics.ts';
import { checkShapes } from './check-shapes.ts';
import type { Pipeline } from './pipeline.ts';
import { type Plan, planPipeline } from './plan.ts';
import { inOrder, readPipeline } from './read-pipeline.ts';
import { readSource } from './read-source.ts';

/** A pipeline in which no mistake was found, and all that is known of it before it runs. */
export interface CheckedPipeline {
  readonly source: Source;
  readonly pipeline: Pipeline;
  /** The full form with every default: reading it again gives the same pipeline. */
  readonly resolved: unknown;
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/** Checks a text: its form, its names and values, then its shapes. Gives all mistakes at once, or the pipeline. */
export function checkSource(source: Source): { readonly checked?: CheckedPipeline; readonly diagnostics: readonly Diagnostic[] } {
  const { pipeline, parts, resolved, diagnostics, rangeOf } = readPipeline(source);
  if (pipeline === undefined) {
    return { diagnostics: parts === undefined ? diagnostics : inOrder([...diagnostics, ...checkShapes(parts, dirname(source.name), rangeOf).diagnostics]) };
  }
  const planned = planPipeline(pipeline, dirname(source.name), rangeOf);
  const all = inOrder([...diagnostics, ...planned.diagnostics]);
  if (planned.plan === undefined) return { diagnostics: all };
  return { checked: { source, pipeline, resolved, plan: planned.plan, warnings: all }, diagnostics: all };
}

/** Checks a file. @throws UserError with every mistake; exit code 2 */
export function checkFile(file: string): CheckedPipeline {
  const { checked, diagnostics } = checkSource(readSource(file));
  if (checked === undefined) throw new UserError(diagnostics, 2);
  return checked;
}

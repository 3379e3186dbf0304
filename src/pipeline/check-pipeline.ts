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
  /** What was laid over the file, such as `train.epochs=3`. */
  readonly settings: readonly string[];
  readonly pipeline: Pipeline;
  /** The full form with every default: reading it again gives the same pipeline. */
  readonly resolved: unknown;
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Checks a text: its form, its names and values, its shapes. Gives all mistakes at once, or the pipeline.
 *
 * @param settings laid over the text, such as `train.epochs=3`
 */
export function checkSource(source: Source, settings: readonly string[] = []): { readonly checked?: CheckedPipeline; readonly diagnostics: readonly Diagnostic[] } {
  const { pipeline, parts, resolved, diagnostics, rangeOf } = readPipeline(source, settings);
  if (pipeline === undefined) {
    return { diagnostics: parts === undefined ? diagnostics : inOrder([...diagnostics, ...checkShapes(parts, dirname(source.name), rangeOf).diagnostics], source) };
  }
  const planned = planPipeline(pipeline, dirname(source.name), rangeOf);
  const all = inOrder([...diagnostics, ...planned.diagnostics], source);
  if (planned.plan === undefined) return { diagnostics: all };
  return { checked: { source, settings, pipeline, resolved, plan: planned.plan, warnings: all }, diagnostics: all };
}

/** Checks a file. @param settings laid over it, such as `train.epochs=3` @throws UserError with every mistake; exit code 2 */
export function checkFile(file: string, settings: readonly string[] = []): CheckedPipeline {
  const { checked, diagnostics } = checkSource(readSource(file), settings);
  if (checked === undefined) throw new UserError(diagnostics, 2);
  return checked;
}

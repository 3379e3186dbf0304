import type { Code } from './mistakes/mistakes.ts';
/** A text that diagnostics can point into: a pipeline file, or a command-line argument. */
export interface Source {
  /** What the user calls it: the path as given, or the argument. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source, as offsets into its text; `end` is exclusive. */
export interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** One mistake of the user's, as data. Everything that prints, colours or serialises it reads only this. */
export interface Diagnostic {
  /** Stable, kebab-case name of the kind of mistake, such as `unknown-key`. */
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** One sentence that names the thing. */
  readonly message: string;
  readonly range?: Range;
  /** The way out, as one sentence. */
  readonly hint?: string;
  /** Other places that matter, such as the layers on the way to a shape conflict. */
  readonly related?: readonly RelatedRange[];
}

/** A second place that helps to understand a diagnostic. */
export interface RelatedRange {
  readonly message: string;
  readonly range: Range;
}

/** 1: the run, a gate or a comparison failed. 2: the file or the usage is wrong. */
export type ExitCode = 1 | 2;

/**
 * Ends the command with diagnostics instead of a stack trace. Thrown where a mistake of the user's, or a failure
 * of the world around the program, makes going on pointless; caught in program.ts alone.
 */
export class UserError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: ExitCode;

  constructor(diagnostics: readonly Diagnostic[] | Diagnostic, exitCode: ExitCode, options?: ErrorOptions) {
    const list = Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [diagnostics as Diagnostic];
    super(list.map((d) => d.message).join('\n'), options);
    this.name = 'UserError';
    this.diagnostics = list;
    this.exitCode = exitCode;
  }
}

/** A mistake. @param range where it is in a file or an argument @param hint the way out, as one sentence */
export function mistake(code: Code, message: string, range?: Range, hint?: string): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(range === undefined ? {} : { range }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A warning that is not about a place in the file. */
export function warning(code: Code, message: string, hint?: string): Diagnostic {
  return asWarning(mistake(code, message, undefined, hint));
}

/** The same, where the work goes on in spite of it. */
export function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' };
}

/** A failure at run time that is not about a place in the file: exit code 1. */
export function failure(code: Code, message: string, hint?: string, cause?: unknown): UserError {
  return new UserError(mistake(code, message, undefined, hint), 1, { cause });
}

/** A command that was given wrongly: exit code 2. */
export function misuse(code: Code, message: string, hint?: string): UserError {
  return new UserError(mistake(code, message, undefined, hint), 2);
}

/**
 * What went wrong with one thing of many, as warnings: the others go on.
 *
 * @param code where it is none of the user's mistakes
 */
export function warningsOf(error: unknown, code: Code): readonly Diagnostic[] {
  return error instanceof UserError ? error.diagnostics.map(asWarning) : [warning(code, (error as Error).message)];
}

import { createHash } from 'node:crypto';
import { hideSecretsIn } from '../base/secrets.ts';
import type { Machine } from './machine-identity.ts';

/** SHA-256 of each data file, by its path. */
export type DataHashes = Readonly<Record<string, string>>;

/** What a run is made from. */
export interface Origin {
  /** The pipeline in full form, with every default. */
  readonly resolved: Readonly<Record<string, unknown>>;
  readonly dataFiles: DataHashes;
  readonly machine: Machine;
  /** How its steps ran, or are expected to run: `compiled`, `eager`, or both where a run went on the other way. */
  readonly step: string;
}

/** One thing that a stage's outcome depends on, and what it is, as JSON text. */
export type Part = readonly [name: string, value: string];

/** All that can change the outcome of a stage. */
export interface Fingerprint {
  readonly stage: string;
  /** SHA-256, in hexadecimal digits: the same for the same parts alone. */
  readonly hash: string;
  /** The fingerprint of the stage before, as a part `stage NAME`, stands first. */
  readonly parts: readonly Part[];
}

/** One thing that a stage is the first to depend on; the ones after it do by it. */
export interface Dependency {
  readonly reason: string;
  readonly value: (origin: Origin) => unknown;
  /** What else is known of it where it is the section of that name in the pipeline file. */
  readonly section?: SectionMarks;
}

/** What of a section bears on less than the rest of it. */
export interface SectionMarks {
  /** Options that change no outcome, with what they are for. */
  readonly withoutEffect?: Readonly<Record<string, string>>;
  /** Options that change nothing of what a step, or a sample, takes; true: none of them does. */
  readonly withoutPace?: readonly string[] | true;
  /** Options that look at how far the training is, or at its validation. */
  readonly overEpochs?: readonly string[];
}

/** All that a stage is the first to depend on, by name: what is not there must not change what comes out of it. */
export type Dependencies = Readonly<Record<string, Dependency>>;

/** A stage, as far as its fingerprint needs it. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: Dependencies;
}

/** A section of the pipeline file as what a stage depends on; its name is that of the section. */
export function section(key: string, reason: string, marks: SectionMarks = {}): Dependency {
  return { reason, value: ({ resolved }) => resolved[key], section: marks };
}

/** What the machine brings, as what a stage depends on. */
export function machinePart(key: keyof Machine, reason: string): Dependency {
  return { reason, value: ({ machine }) => machine[key] };
}

/** Sections of a file that no stage depends on: every run's record and report are written anew. */
export const sectionsWithoutEffect: Readonly<Record<string, string>> = {
  name: 'what the run is called',
  repeat: 'how often it is trained, each time with a seed of its own',
  tracking: 'where it is recorded',
  budget: 'what it may take',
  cache: 'where outcomes are kept for other machines',
};

/** The sections of a full form that stages depend on, without the options that a mark names. */
export function sectionsFor(
  stages: readonly Dependent[],
  resolved: Origin['resolved'],
  without: (marks: SectionMarks) => readonly string[] | true,
): Readonly<Record<string, unknown>> {
  const sections = stages.flatMap(({ dependsOn }) => Object.entries(dependsOn));
  return Object.fromEntries(
    sections.flatMap(([name, { section: marks }]) => {
      const left = marks && without(marks);
      if (left === undefined || left === true || !(name in resolved)) return [];
      const value = resolved[name];
      return [[name, typeof value === 'object' && value !== null ? withoutKeys(value, left) : value]];
    }),
  );
}

/** The keys of a section's options that change no outcome. */
export const keysWithoutEffect = ({ withoutEffect = {} }: SectionMarks): readonly string[] =>
  Object.keys(withoutEffect);

function withoutKeys(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** The fingerprint of every stage, each after what it is made from. */
export function fingerprintsOf(stages: readonly Dependent[], origin: Origin): ReadonlyMap<string, Fingerprint> {
  const fingerprints = new Map<string, Fingerprint>();
  let before: readonly Part[] = [];
  for (const { name: stage, dependsOn } of stages) {
    const parts = [
      ...before,
      ...Object.entries(dependsOn).flatMap(([name, { value, section: marks = {} }]) =>
        partsOf([name], value(origin)).filter(
          ([path]) => !keysWithoutEffect(marks).some((key) => isWithin(path, `${name}.${key}`)),
        ),
      ),
    ];
    const hash = createHash('sha256')
      .update(JSON.stringify([stage, parts]))
      .digest('hex');
    fingerprints.set(stage, { stage, hash, parts });
    before = [[`stage ${stage}`, hash]];
  }
  return fingerprints;
}

const isWithin = (path: string, name: string) => path === name || path.startsWith(`${name}.`);

/** What a part is of; undefined for the stage before. */
export function dependencyOf(stages: readonly Dependent[], part: string): Dependency | undefined {
  const name = part.split(/[.[]/)[0]!;
  return stages.find(({ dependsOn }) => Object.hasOwn(dependsOn, name))?.dependsOn[name];
}

/**
 * The leaves of a tree, each with its path; items of a list that have names under those, and their order as a part of
 * its own.
 */
function partsOf(path: readonly string[], value: unknown): readonly Part[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isNamed)) {
    const order: Part = [pathText(path), JSON.stringify(value.map(({ name }) => name))];
    return [order, ...value.flatMap(({ name, ...rest }) => partsOf([...path, name], rest))];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[pathText(path), JSON.stringify(hideSecretsIn(value) ?? null)]];
  const entries = Object.entries(value);
  // A whole section that is empty has nothing to tell, before and after.
  if (entries.length === 0) return path.length === 1 ? [] : [[pathText(path), '{}']];
  return entries.flatMap(([key, inner]) => partsOf([...path, key], inner));
}

function isNamed(item: unknown): item is { readonly name: string } {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string';
}

/** `train.optimizer.adam`; a key that holds a dot or a bracket is quoted. */
function pathText([first, ...rest]: readonly string[]): string {
  return [first, ...rest.map((key) => (/[.["]/.test(key) ? `[${JSON.stringify(key)}]` : `.${key}`))].join('');
}

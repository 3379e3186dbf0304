import { createHash } from 'node:crypto';
import { type StageName, stageNames } from '../base/events.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { withoutAddresses } from '../datasets/data-file.ts';
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
  readonly stage: StageName;
  /** SHA-256, in hexadecimal digits: the same for the same parts alone. */
  readonly hash: string;
  /** The fingerprint of the stage before, as a part `stage NAME`, stands first. */
  readonly parts: readonly Part[];
}

interface Ingredient {
  /** The first stage that it changes; the ones after it take their fingerprints from that one's. */
  readonly enters: StageName;
  readonly reason: string;
  readonly value: (origin: Origin) => unknown;
}

const section =
  (key: string) =>
  ({ resolved }: Origin) =>
    resolved[key];
const machine = (key: keyof Machine) => (origin: Origin) => origin.machine[key];

/** Everything that can change what comes out of a stage. What is not here, or below, must not. */
export const ingredients: Readonly<Record<string, Ingredient>> = {
  layerline: {
    enters: 'load',
    reason: 'another version may read, compute or draw otherwise',
    value: machine('program'),
  },
  node: { enters: 'load', reason: 'Math.exp, Math.cos and sorting are those of its V8', value: machine('node') },
  seed: {
    enters: 'load',
    reason: 'all randomness comes from it: split, first weights, order, dropout, images shown',
    value: section('seed'),
  },
  data: {
    enters: 'load',
    reason: 'what is learnt from, and how it is divided',
    value: ({ resolved }) => withoutAddresses(resolved['data']),
  },
  file: {
    enters: 'load',
    reason: 'its bytes, as its name and its time tell nothing of them',
    value: ({ dataFiles }) => dataFiles,
  },
  engine: { enters: 'train', reason: 'its kernels add in an order of their own', value: machine('engine') },
  processor: { enters: 'train', reason: 'kernels are chosen by what it can do', value: machine('processor') },
  threads: {
    enters: 'train',
    reason: 'sums are divided among threads, and rounding goes with the division',
    value: machine('threads'),
  },
  environment: {
    enters: 'train',
    reason: 'TensorFlow reads it, and chooses kernels and threads by it',
    value: machine('environment'),
  },
  model: { enters: 'train', reason: 'what is trained', value: section('model') },
  step: {
    enters: 'train',
    reason: 'op by op, sums are added in another order than in one graph',
    value: ({ step }) => step,
  },
  train: { enters: 'train', reason: 'how it is trained', value: section('train') },
  evaluate: { enters: 'evaluate', reason: 'what is measured', value: section('evaluate') },
  visualize: { enters: 'visualize', reason: 'what is drawn', value: section('visualize') },
  drawing: { enters: 'visualize', reason: 'another version may draw otherwise', value: machine('drawing') },
};

/** Options that change no outcome; every run's record and report are written anew. */
export const withoutEffect: Readonly<Record<string, string>> = {
  name: 'what the run is called',
  tracking: 'where it is recorded',
  budget: 'what it may take',
  'train.checkpoint': 'how often a training is kept while it goes on',
};

/** The fingerprint of every stage. */
export function fingerprintsOf(origin: Origin): Readonly<Record<StageName, Fingerprint>> {
  const fingerprints: Partial<Record<StageName, Fingerprint>> = {};
  let before: readonly Part[] = [];
  for (const stage of stageNames) {
    const entering = Object.entries(ingredients).filter(([, { enters }]) => enters === stage);
    const parts = [
      ...before,
      ...entering.flatMap(([name, { value }]) =>
        partsOf([name], value(origin)).filter(([path]) => !isWithoutEffect(path)),
      ),
    ];
    const hash = createHash('sha256')
      .update(JSON.stringify([stage, parts]))
      .digest('hex');
    fingerprints[stage] = { stage, hash, parts };
    before = [[stageBefore(stage), hash]];
  }
  return fingerprints as Record<StageName, Fingerprint>;
}

const isWithoutEffect = (path: string) =>
  Object.keys(withoutEffect).some((name) => path === name || path.startsWith(`${name}.`));

/** What the part is called that stands for a whole stage. */
const stageBefore = (stage: StageName) => `stage ${stage}`;

/** Why a part is one; undefined for the stage before. */
export function reasonFor(part: string): string | undefined {
  return ingredients[part.split(/[.[]/)[0]!]?.reason;
}

/** The leaves of a tree, each with its path; items of a list that have names under those, and their order as a part of its own. */
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

import { type TSchema, Type } from 'typebox';
import { availableParallelism } from 'node:os';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { type Chosen, EXPECTED, choice, chosenFrom } from '../base/row.ts';
import type { Executor, Resources } from './executor.ts';
import { memoryPattern } from './executors/asked-memory.ts';
import type { ExecutorPlace, ExecutorRow } from './executors/executor-row.ts';
import { local } from './executors/local.ts';
import { ray } from './executors/ray.ts';
import { slurm } from './executors/slurm.ts';

/** All that trials can run on. */
export const executors = { local, ray, slurm } as const satisfies Record<string, ExecutorRow>;

/** What a trial asks its machine for: beside the executor, whichever it is. */
const needs = {
  cpu: Type.Optional(
    wholeNumber({
      description:
        'Cores of a trial, which are the threads that it computes with. Left out: on this machine an even share, ' +
        'elsewhere one.',
      examples: [2],
      minimum: 1,
      maximum: 1024,
    }),
  ),
  memory: Type.Optional(
    Type.String({
      description: 'Memory of a trial: by it Ray and Slurm choose the machine.',
      examples: ['4Gi'],
      pattern: memoryPattern,
      [EXPECTED]: 'a size such as `4Gi` or `512MB`',
    }),
  ),
  gpu: Type.Optional(realNumber({ description: 'GPUs of a trial.', examples: [1], exclusiveMinimum: 0 })),
} satisfies Record<string, TSchema>;

/** The schema of `on`, in full form: `{ ray: { url: ... }, cpu: 2, memory: 4Gi }`. */
export const onSchema = choice(
  'executor',
  executors,
  {
    description: 'Where trials run: this machine, a Ray cluster or a Slurm cluster.',
    default: { local: {} },
    examples: ['local', { ray: { url: 'http://head:8265' }, cpu: 2, memory: '4Gi' }],
  },
  needs,
);

/** Takes a checked `on` apart: the options are those of the executor, and what a trial asks for. */
export function chosenExecutor(on: Readonly<Record<string, unknown>>): Chosen<keyof typeof executors> {
  const { type, options } = chosenFrom(executors, on);
  const beside = Object.entries(on).filter(([key]) => key !== type);
  return { type: type as keyof typeof executors, options: { ...Object.fromEntries(beside), ...options } };
}

/**
 * What each trial asks its machine for.
 *
 * @param on as chosenExecutor gives it
 * @param parallel trials at once, which share the cores of this machine
 */
export function needOf({ type, options }: Chosen, parallel: number): Resources {
  const { cpu, memory, gpu } = options as Partial<Resources>;
  const share = type === 'local' ? Math.max(1, Math.floor(availableParallelism() / parallel)) : 1;
  return {
    cpu: cpu ?? share,
    ...(memory !== undefined && { memory }),
    ...(gpu !== undefined && { gpu }),
  };
}

/** Opens the executor that `on` chooses. @throws UserError where its options name none that there can be */
export function openExecutor({ type, options }: Chosen, place: ExecutorPlace): Executor {
  return executors[type as keyof typeof executors].open(options, place);
}

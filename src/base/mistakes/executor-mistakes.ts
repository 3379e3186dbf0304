import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong with the machines that trials run on. */
export const executorMistakes = {
  'unknown-executor': {
    means: 'Trials cannot run on what `on` names.',
    fix: 'Write `local`, `ray` or `slurm`.',
  },
  'executor-unreachable': {
    means: 'What `on` names does not answer: Ray is not up or not there, or the commands of Slurm are not.',
    fix: 'Start it, or correct the address. Trials that run go on meanwhile; the same command takes them up again.',
  },
  'executor-refused': {
    means: 'What `on` names answers, and does not do what it was asked for: a token is missing, or a partition wrong.',
    fix: 'See what it says, and the hint.',
  },
  'job-not-started': {
    means: 'The process of a trial could not be started on this machine.',
    fix: 'See the reason.',
  },
  'job-too-large': {
    means: 'A trial asks for more cores, memory or GPUs than any of the machines has.',
    fix: 'Ask for less in `on`, or add a machine.',
  },
} as const satisfies MistakeTable;

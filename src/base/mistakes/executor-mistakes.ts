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
  'executor-without-store': {
    means:
      'What `on` names runs jobs on machines that share nothing with this one, and no place is named that both reach.',
    fix: 'Name one in the pipeline file: `cache: { remote: file:///FOLDER }`.',
  },
  'on-repeats': {
    means: '`--on` sends one training to a cluster, and the pipeline is trained several times by `repeat` or `folds`.',
    fix: 'Leave them out; a sweep over `seed` with the same `on` trains as many.',
  },
  'job-with-secret': {
    means: 'An address of the data holds a password or a token, which would go to other machines.',
    fix: 'Name the fetched file by its path: it goes along by its hash.',
  },
  'job-path-too-far': {
    means: 'The pipeline file names data many folders above it, and such a place cannot be made on another machine.',
    fix: 'Give the command nearer to the data, or name the data by its whole path.',
  },
  'program-not-packed': {
    means: 'The program that runs is none that could be sent to another machine: it was not built.',
    fix: 'Run `npm run build` in its checkout, or install the package.',
  },
  'job-file-missing': {
    means: 'A machine did not find a file of its job in the place that all machines reach.',
    fix: 'Give the command again that sent the job: what is not there is brought again.',
  },
  'job-file-damaged': {
    means: 'A file of a job has another hash than it has to have: it did not arrive whole, or was changed.',
    fix: 'Remove it in the place that all machines reach, and give the command again.',
  },
  'job-damaged': {
    means: 'What a job is told by, or what it left, is not what this version writes.',
    fix: 'Give the command again that sent it, with one version of the program.',
  },
  'job-at-work': {
    means: 'Another process waits for the same job.',
    fix: 'Let it, or end it: the job goes on, and the same command takes it up.',
  },
  'job-failed': {
    means: 'A job that was sent to a cluster ended without a result: its run failed, or its machine could not run it.',
    fix: 'See the reason. Of `worker-without-node`, `-without-room` and `-not-set-up` the machine is to blame.',
  },
  'job-tried-again': {
    means: 'A machine lost a job, or killed it for memory, and it is sent once more.',
    fix: 'Nothing, unless it happens again: then ask for more memory, or look at the machine.',
    severity: 'warning',
  },
} as const satisfies MistakeTable;

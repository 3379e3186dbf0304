/** What a job asks its machine for. */
export interface Resources {
  /** Cores, which are the threads that its engine uses. */
  readonly cpu: number;
  /** As sizes are written: `4Gi`, `512MB`; left out: not asked for. */
  readonly memory?: string;
  readonly gpu?: number;
}

/** One attempt at a rung of a trial. */
export interface Job {
  /** `SWEEP-TRIAL-RUNG-ATTEMPT`: unique for ever. */
  readonly id: string;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it works; left out: a folder of the executor's own. */
  readonly cwd?: string;
  readonly need: Resources;
}

/**
 * How a job stands. `failed`: the job's own exit code, the trial's fault. `lost`: its machine's fault, so that another
 * attempt may do better.
 */
export interface JobState {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'stopped' | 'lost';
  readonly exitCode?: number;
  readonly reason?: string;
}

/** Where jobs run: what an engine has to be able to do. */
export interface Executor {
  /** How many more jobs with such a need may be submitted now; Infinity where the engine queues them safely. */
  slots(need: Resources): Promise<number>;
  /** A known id is adopted and never started twice. */
  submit(job: Job): Promise<void>;
  /** All jobs of one sweep, those that have ended too. @param sweep the beginning of their ids */
  list(sweep: string): Promise<readonly JobState[]>;
  /** Once it has resolved, the job runs no more. Of one that has ended, nothing. */
  stop(id: string): Promise<void>;
  /** What it has printed so far, both streams; undefined: gone with its machine. */
  logs(id: string): Promise<string | undefined>;
  /** Has `told` called once a job that was submitted here has ended; left out: who waits for that has to look. */
  onEnd?(told: () => void): void;
  /** Lets go of what this process holds open; jobs run on. */
  close(): Promise<void>;
}

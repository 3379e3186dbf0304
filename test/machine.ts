import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { inContainer } from './container.ts';

/**
 * A machine of a cluster as far as processes go: a container on a host of that name. Whatever runs on it ends with it,
 * those processes too that left their parents.
 */
export class Machine {
  readonly #child: ChildProcess;

  /**
   * @param programs each a command with its arguments, all at work at once
   * @param log a file that takes what they print
   * @param network a process whose network it is in; left out: that of this one
   */
  constructor(
    host: string,
    programs: readonly (readonly string[])[],
    log: string,
    env: NodeJS.ProcessEnv,
    network?: number,
  ) {
    // Its first process takes in orphans, and waits for them as an init does.
    const started = programs.map((program) => `${program.map((word) => `'${word}'`).join(' ')} &`);
    // It does not outlive who started it either.
    const within = network === undefined ? [] : ['nsenter', `--net=/proc/${network}/ns/net`];
    const args = ['--pdeathsig', 'KILL', ...within, ...inContainer(host), 'sh', '-c', `${started.join('\n')}\nwait`];
    const output = openSync(log, 'a');
    this.#child = spawn('setpriv', args, { env, stdio: ['ignore', output, output] });
    closeSync(output);
  }

  /** Ends it as a loss of power would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

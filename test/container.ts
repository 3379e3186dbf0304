import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The command that runs another in a PID namespace of its own, on a host of that name; who kills it kills all in it.
 */
export function inContainer(host: string): readonly string[] {
  return [
    'unshare',
    '--uts',
    '--pid',
    '--fork',
    '--mount-proc',
    '--kill-child',
    'sh',
    '-c',
    'hostname "$0" && exec "$@"',
    host,
  ];
}

/** Why there can be no containers here; undefined where there can. */
export const noContainers: string | undefined = (() => {
  const [program, ...args] = [...inContainer('other'), 'true'];
  const { status, error, stderr } = spawnSync(program!, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `needs the right to make namespaces: ${error?.message ?? stderr.trim()}`;
})();

/** The number that the process in a container has outside. @param pid of the command that runs it */
export function processIn(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

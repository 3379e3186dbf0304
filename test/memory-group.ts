import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with a limit within the one of this process, and one below it without. */
export interface MemoryGroup {
  /** The command that runs another in the one below. */
  readonly enter: readonly string[];
  /** To be called when nothing runs in it any more. */
  remove(): void;
}

/** @returns why there can be none, where that is so */
export function makeMemoryGroup(bytes: number): MemoryGroup | string {
  const own = /^\d+:memory:(.*)$/m.exec(
    existsSync('/proc/self/cgroup') ? readFileSync('/proc/self/cgroup', 'utf8') : '',
  )?.[1];
  if (own === undefined) return 'needs control groups of version 1';
  const folder = join('/sys/fs/cgroup/memory', own, `layerline-test-${process.pid}`);
  const inner = join(folder, 'inner');
  try {
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(folder, 'memory.limit_in_bytes'), String(bytes));
  } catch (error) {
    return `needs the right to make control groups: ${(error as Error).message}`;
  }
  return {
    enter: ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', inner],
    remove: () => {
      for (const path of [inner, folder]) rmdirSync(path);
    },
  };
}

/** The command that runs another with so much address space. */
export const addressesWithin = (kilobytes: number): readonly string[] => [
  'sh',
  '-c',
  `ulimit -v ${kilobytes}; exec "$0" "$@"`,
];

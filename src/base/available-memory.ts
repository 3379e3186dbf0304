import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * Bytes of memory that this process may come to have, what it has now among them: the least of what the machine has
 * free, and of what the control groups leave that it is in (containers, systemd). What others use does not count as
 * there, but for caches of files. Node's own `constrainedMemory` sees one group alone.
 */
export function availableMemory(): number {
  if (process.platform !== 'linux') return totalmem();
  const own = kilobytes(read('/proc/self/status'), 'VmRSS');
  const machine = read('/proc/meminfo');
  const free = kilobytes(machine, 'MemAvailable') + kilobytes(machine, 'SwapFree') + own;
  const limits = [totalmem(), free, ...controlGroups().flatMap((folder) => leftBy(folder, own))];
  return Math.max(0, Math.min(...limits.filter((limit) => limit > 0)));
}

/**
 * Bytes of address space that `ulimit -v` lets this process have, which counts what is reserved, used or not; Infinity
 * without a limit.
 */
export function addressSpaceLimit(): number {
  return Number(/^Max address space +(\d+)/m.exec(read('/proc/self/limits'))?.[1] ?? Infinity);
}

/**
 * The folders of this process's group and of all above it that can be seen here, of both versions of control groups.
 */
function controlGroups(): readonly string[] {
  const groups = read('/proc/self/cgroup')
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .filter((match) => match !== null);
  return read('/proc/self/mountinfo')
    .split('\n')
    .flatMap((line) => {
      const [, root, mount, type, options] = /^\S+ \S+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line) ?? [];
      const isMemory = type === 'cgroup2' || (type === 'cgroup' && options!.split(',').includes('memory'));
      if (!isMemory) return [];
      const path =
        groups.find(([, controllers]) =>
          type === 'cgroup2' ? controllers === '' : controllers!.split(',').includes('memory'),
        )?.[2] ?? '/';
      // Without a namespace of its own, a container sees the names that the host gives its groups.
      const below = relative(root!, path);
      let folder = below.startsWith('..') ? mount! : join(mount!, below);
      const folders = [folder];
      for (; folder !== mount && folder.startsWith(mount!); folder = dirname(folder)) folders.push(dirname(folder));
      return folders;
    });
}

/** What the limits of a group leave for this process; none where it has no limit. */
function leftBy(folder: string, own: number): readonly number[] {
  const stat = read(join(folder, 'memory.stat'));
  const number = (name: string) => Number.parseInt(read(join(folder, name)), 10);
  const kept = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? Number.NaN);
  const limits = [
    number('memory.max'),
    number('memory.high'),
    number('memory.limit_in_bytes'),
    kept('hierarchical_memory_limit'),
  ].filter((limit) => limit > 0 && limit < totalmem());
  if (limits.length === 0) return [];
  const used = [number('memory.current'), number('memory.usage_in_bytes')].find(Number.isFinite) ?? 0;
  const cached = [kept('total_inactive_file'), kept('inactive_file')].find(Number.isFinite) ?? 0;
  return [Math.max(1, Math.min(...limits) - Math.max(0, used - cached - own))];
}

function kilobytes(text: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { noContainers } from '../container.ts';
import { freePorts } from '../free-ports.ts';
import { Machine } from '../machine.ts';
import { until } from '../until.ts';

// Debian has the daemons where only root looks.
const path = `${process.env['PATH']}:/usr/sbin:/sbin`;

/** Why there can be no Slurm here; undefined where there can. */
export const noSlurm: string | undefined = (() => {
  if (noContainers !== undefined) return noContainers;
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`], { env: { PATH: path } }).status !== 0,
  );
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}: apt-get install slurm-wlm munge`;
})();

/** A Slurm cluster of two nodes of one core each, and a head. */
export interface SlurmCluster {
  /** What its commands find it by. */
  readonly env: { readonly SLURM_CONF: string };
  /** Ends a node, with what runs on it, as a loss of power would, and starts it again. @param node 1 or 2 */
  restartNode(node: number): Promise<void>;
  /** Ends the head; nodes and what runs on them go on. */
  killHead(): Promise<void>;
  /** Starts the head again with what it kept on its disk. */
  startHead(): Promise<void>;
  /** What a command of Slurm's prints. */
  run(command: string, ...args: readonly string[]): string;
  end(): Promise<void>;
}

/** Starts a cluster that shares nothing with another one of this machine. @throws Error where it does not come up */
export async function startSlurm(): Promise<SlurmCluster> {
  // Not below the folder for temporary files: Slurm takes no blank in a path, and names of sockets are short.
  const folder = mkdtempSync('/tmp/slurm-');
  const at = (name: string) => join(folder, name);
  const [head, ...nodes] = await freePorts(3);
  chmodSync(folder, 0o755);
  writeFileSync(at('key'), randomBytes(128), { mode: 0o600 });
  for (const name of ['state', 'spool-n1', 'spool-n2', 'munge']) mkdirSync(at(name), { mode: 0o755 });
  writeFileSync(at('slurm.conf'), configuration(folder, head!, nodes));
  const env = { ...process.env, PATH: path, SLURM_CONF: at('slurm.conf') };
  const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { env, encoding: 'utf8' });
  const munged = ['munged', '--foreground', `--key-file=${at('key')}`, `--socket=${at('munge/socket')}`];
  munged.push(`--pid-file=${at('munge/pid')}`, `--seed-file=${at('munge/seed')}`, `--log-file=${at('munge/log')}`);

  const machines = new Map<string, Machine>();
  const start = (host: string, ...programs: readonly string[][]) =>
    machines.set(host, new Machine(host, programs, at(`${host}.log`), env));
  const startHead = async () => {
    start('head', munged, ['slurmctld', '-D']);
    await until('the head answers', () => spawnSync('scontrol', ['ping'], { env }).stdout.includes('is UP'), 30);
  };
  const startNode = (node: number) => start(`n${node}`, ['slurmd', '-D', '-N', `n${node}`]);
  const end = async () => {
    await Promise.all([...machines.values()].map((machine) => machine.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await startHead();
    [1, 2].forEach(startNode);
    await until(
      'both nodes are idle',
      () => /^2$/m.test(run('sinfo', '--noheader', '--states=idle', '--format=%D')),
      30,
    );
  } catch (error) {
    const logs = ['head', 'n1', 'n2'].map((host) =>
      spawnSync('tail', ['-n', '5', at(`${host}.log`)]).stdout.toString(),
    );
    await end();
    throw new Error(`${(error as Error).message}\n${logs.join('\n')}`, { cause: error });
  }
  return {
    env: { SLURM_CONF: env.SLURM_CONF },
    restartNode: async (node) => {
      await machines.get(`n${node}`)!.kill();
      startNode(node);
    },
    killHead: () => machines.get('head')!.kill(),
    startHead,
    run,
    end,
  };
}

function configuration(folder: string, head: number, nodes: readonly number[]): string {
  const { username } = userInfo();
  return `
ClusterName=test
SlurmctldHost=head(127.0.0.1)
AuthType=auth/munge
# A job that lost its node waits for as long as a credential holds: two minutes, unless told.
AuthInfo=socket=${folder}/munge/socket,cred_expire=5
SlurmUser=${username}
SlurmdUser=${username}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/head.pid
SlurmdPidFile=${folder}/%n.pid
SlurmctldPort=${head}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
KillWait=1
BatchStartTimeout=3
SlurmdTimeout=10
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
MpiDefault=none
${nodes.map((port, k) => `NodeName=n${k + 1} NodeHostname=n${k + 1} NodeAddr=127.0.0.1 Port=${port} CPUs=1`).join('\n')}
PartitionName=cpu Nodes=n1,n2 Default=YES State=UP MaxTime=INFINITE
`;
}

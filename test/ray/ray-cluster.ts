import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Machine } from '../machine.ts';
import { programOf } from '../python-environment.ts';
import { until } from '../until.ts';
import { environment } from './setup.ts';

/** A Ray cluster of a head without cores and two nodes of one core each, which wants a token. */
export interface RayCluster {
  /** Address of its dashboard. */
  readonly url: string;
  readonly token: string;
  /** Ends a node, with what runs on it, as a loss of power would, and starts it again. @param node 1 or 2 */
  restartNode(node: number): Promise<void>;
  /** Ends the head, and all that it knew; nodes and what runs on them go on. */
  killHead(): Promise<void>;
  /** Starts a head that knows nothing, and the nodes anew. */
  startAnew(): Promise<void>;
  end(): Promise<void>;
}

/** Ports of the head: the network is its own. */
const [control, dashboard] = [6379, 8265];

/**
 * Starts a cluster in a network of its own that leads nowhere, as Ray listens at all addresses that there are.
 *
 * @param given what the environment of its nodes says
 * @throws Error where it does not come up
 */
export async function startRay(given: Readonly<Record<string, string>>): Promise<RayCluster> {
  // Names of sockets are short.
  const folder = mkdtempSync('/tmp/ray-');
  const token = randomBytes(32).toString('hex');
  const env = {
    ...process.env,
    ...given,
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: token,
    RAY_USAGE_STATS_ENABLED: '0',
    RAY_health_check_initial_delay_ms: '1000',
    RAY_health_check_period_ms: '1000',
    RAY_health_check_timeout_ms: '2000',
    RAY_health_check_failure_threshold: '3',
  };
  const network = await makeNetwork();
  const url = `http://127.0.0.1:${network.port}`;
  const machines = new Map<string, Machine>();
  const start = (host: string, ...args: readonly string[]) => {
    const own = ['--node-ip-address=127.0.0.1', '--object-store-memory=80000000', '--include-log-monitor=false'];
    own.push(`--temp-dir=${join(folder, host)}`);
    const program = [programOf(environment, 'ray'), 'start', '--block', ...own, ...args];
    machines.set(host, new Machine(host, [program], join(folder, `${host}.log`), env, network.process.pid));
  };
  const startNode = (node: number) =>
    start(
      `n${node}`,
      `--address=127.0.0.1:${control}`,
      '--num-cpus=1',
      '--memory=1000000000',
      `--dashboard-agent-listen-port=${dashboard + node}`,
    );
  const startAnew = async () => {
    await Promise.all([...machines.values()].map((machine) => machine.kill()));
    const head = [`--port=${control}`, '--num-cpus=0', `--dashboard-agent-listen-port=${dashboard + 3}`];
    start('head', '--head', ...head, `--dashboard-port=${dashboard}`);
    await until('the head answers', async () => (await nodesOf(url, token)) >= 1, 180);
    [1, 2].forEach(startNode);
    await until('both nodes are there', async () => (await nodesOf(url, token)) === 3, 180);
  };
  const end = async () => {
    await Promise.all([...machines.values()].map((machine) => machine.kill()));
    network.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await startAnew();
  } catch (error) {
    const logs = [...machines.keys()].map((host) => readFileSync(join(folder, `${host}.log`), 'utf8').slice(-1000));
    await end();
    throw new Error(`${(error as Error).message}\n${logs.join('\n')}`, { cause: error });
  }
  return {
    url,
    token,
    restartNode: async (node) => {
      await machines.get(`n${node}`)!.kill();
      startNode(node);
    },
    killHead: () => machines.get('head')!.kill(),
    startAnew,
    end,
  };
}

/** A network that leads nowhere, and the port of this machine that leads to the dashboard in it. */
async function makeNetwork(): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const program = [programOf(environment, 'python'), join(import.meta.dirname, 'loopback.py'), String(dashboard)];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as readonly unknown[];
  const port = Number(String(told));
  if (!(port > 1)) throw new Error('there can be no network of its own');
  return { process: child, port };
}

/** How many nodes are alive, of those that answer. */
async function nodesOf(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(3000);
  const text = await fetch(`${url}/api/v0/nodes?limit=100`, { headers, signal }).then(
    (answer) => answer.text(),
    () => '',
  );
  return text.split('"ALIVE"').length - 1;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { mnistPictures } from './data.ts';
import { estimate } from './estimate.ts';
import type { Settings } from './settings.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';
import { trainReference } from './trained.ts';

/** As many clients as ask at once. */
const connections = 32;

/** A server at work. */
interface Server {
  readonly child: ChildProcess;
  readonly address: string;
}

async function start(command: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /^(http:\S+) is ready/.exec(line) ?? [];
    if (address !== undefined) return { child, address };
  }
  throw new Error(`${command.join(' ')} ended before it was ready`);
}

async function stop({ child }: Server): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** What clients saw of some seconds under load. */
interface Load {
  readonly perSecond: number;
  /** Of a request, in milliseconds. */
  readonly p99: number;
}

/** Asks about one picture of MNIST after the other, as JSON. */
async function ask({ address }: Server, seconds: number): Promise<Load> {
  const requests = mnistPictures(100).map((bytes) => ({
    body: JSON.stringify({
      inputs: [Array.from({ length: 28 }, (_, y) => Array.from({ length: 28 }, (__, x) => [bytes[28 * y + x]! / 255]))],
    }),
  }));
  const result = await autocannon({
    url: `${address}/invocations`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests,
    connections,
    duration: seconds,
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`);
  return { perSecond: result['2xx'] / result.duration, p99: result.latency.p99 };
}

/** `pipeline serve` under load, beside a server that computes each request by itself; and its memory in ten minutes. */
export async function benchServe({ quick, pairs, scratch }: Settings): Promise<void> {
  const { runId, model } = await trainReference(scratch);
  const seconds = quick ? 2 : 6;
  const ours = await start(['dist/cli.js', 'serve', runId, '--port', '0', '--runs', join(scratch, 'runs')]);
  const each = await start(['bench/peers/one-predict-each.mjs', model]);
  try {
    for (const server of [ours, each]) await ask(server, seconds);
    const loads: { readonly ours: Load; readonly each: Load }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      if (pair % 2 === 0) loads.push({ ours: await ask(ours, seconds), each: await ask(each, seconds) });
      else {
        const other = await ask(each, seconds);
        loads.push({ ours: await ask(ours, seconds), each: other });
      }
    }
    const ratio = estimate(loads.map((load) => load.ours.perSecond / load.each.perSecond));
    const p99 = estimate(loads.map((load) => load.ours.p99));
    print(
      `## pipeline serve: the reference net, ${connections} connections, a picture in each request, ${pairs} pairs\n`,
    );
    printTable(
      ['', 'median', 'aim'],
      [
        ['requests/s', withInterval(estimate(loads.map((load) => load.ours.perSecond)), whole), ''],
        ['requests/s, one predict each', withInterval(estimate(loads.map((load) => load.each.perSecond)), whole), ''],
        ['ratio', withInterval(ratio, fixed), aimCell(ratio, '>=', 2.5)],
        ['p99, ms', withInterval(p99, whole), aimCell(p99, '<=', 60, ' ms')],
      ],
    );
    await stop(each);
    print('Memory under full load, MB (10^6 bytes), minute by minute:\n');
    const memory: number[] = [];
    for (let minute = 0; minute < 10; minute++) {
      await ask(ours, quick ? 1 : 60);
      memory.push(residentMegabytes(ours));
    }
    print(`${memory.map(whole).join(', ')}\n`);
  } finally {
    await stop(ours);
    each.child.kill();
  }
}

function residentMegabytes({ child }: Server): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

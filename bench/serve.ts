import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { mnistPictures } from './data.ts';
import { estimate, slope } from './estimate.ts';
import type { Settings } from './settings.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';
import { trainReference } from './trained.ts';

/** As many clients as ask at once. */
const connections = 32;

/** Looks at memory in each minute. */
const partsOfMinute = 6;

/** MB (10^6 bytes) of memory a minute: of 1,000 requests/s, 17 bytes of each. An object left over of each is 3 MB. */
const mostGrowth = 1;

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
    const memory: number[] = [];
    for (let minute = 0; minute < 10; minute++)
      for (let part = 0; part < partsOfMinute; part++) {
        await ask(ours, (quick ? 3 : 60) / partsOfMinute);
        memory.push(residentMegabytes(ours));
      }
    const { median, low, high, count } = slope(memory.slice(2 * partsOfMinute));
    const growth = {
      median: median * partsOfMinute,
      low: low * partsOfMinute,
      high: high * partsOfMinute,
      count,
    };
    print(`Memory under full load, MB (10^6 bytes), at the end of each ${quick ? '3 seconds' : 'minute'}:\n`);
    print(
      `${memory
        .filter((_, k) => (k + 1) % partsOfMinute === 0)
        .map(whole)
        .join(', ')}\n`,
    );
    printTable(
      ['', 'median', 'aim'],
      [[`growth after the first two, MB each`, withInterval(growth), aimCell(growth, '<=', mostGrowth, ' MB')]],
    );
  } finally {
    await stop(ours);
    each.child.kill();
  }
}

function residentMegabytes({ child }: Server): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

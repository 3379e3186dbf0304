import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = join(tmpdir(), `layerline-until-interrupted-${process.pid}.mjs`);
beforeAll(async () => {
  await build({
    input: join(import.meta.dirname, '../../src/commands/until-interrupted.ts'),
    platform: 'node',
    output: { file: program },
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(program, { force: true }));

/**
 * Runs a process that does some work until it is interrupted, and sends it signals, each once the last one was told.
 */
async function interrupt(body: string, signals: readonly NodeJS.Signals[]) {
  const script = `
    import { untilInterrupted } from ${JSON.stringify(program)};
    const alive = setInterval(() => {}, 1000);
    const aborted = (signal) => new Promise((done) => signal.addEventListener('abort', done));
    ${body}
    clearInterval(alive);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let told = '';
  const lines = child.stdout[Symbol.asyncIterator]();
  for (const signal of signals) {
    told += String((await lines.next()).value);
    child.kill(signal);
  }
  for await (const more of { [Symbol.asyncIterator]: () => lines }) told += String(more);
  const [code, killer] = await ended;
  return { told: told.trim().split('\n'), code, killer };
}

const inOrder = `await untilInterrupted(async (signal) => {
  console.log('begun');
  await aborted(signal);
  console.log('ended in order');
}, OPTIONS);`;

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends work in order, with 130', async (signal) => {
  expect(await interrupt(inOrder.replace('OPTIONS', '{}'), [signal])).toEqual({
    told: ['begun', 'ended in order'],
    code: 130,
    killer: null,
  });
});

test('the second one ends the process at once', async () => {
  const stuck = `await untilInterrupted(async (signal) => {
    console.log('begun');
    await aborted(signal);
    console.log('cannot end');
    await new Promise(() => {});
  });`;
  expect(await interrupt(stuck, ['SIGINT', 'SIGINT'])).toEqual({
    told: ['begun', 'cannot end'],
    code: 130,
    killer: null,
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is the end of what has no other', async (signal) => {
  expect(await interrupt(inOrder.replace('OPTIONS', '{ isItsEnd: true }'), [signal])).toEqual({
    told: ['begun', 'ended in order'],
    code: 0,
    killer: null,
  });
});

test.each([
  ['ended', `await untilInterrupted(async () => {});`],
  ['failed', `await untilInterrupted(async () => { throw new Error('x'); }).catch(() => {});`],
])('once it has %s, a process just ends again', async (_, work) => {
  const { code, killer } = await interrupt(`${work} console.log('after'); await new Promise(() => {});`, ['SIGINT']);
  expect([code, killer]).toEqual([null, 'SIGINT']);
});

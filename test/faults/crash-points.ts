import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, digitsPipeline } from '../rig.ts';
import type { Fault } from './fault.ts';
import { problemsOf, runWhole } from './whole-run.ts';

const layers = '[flatten, dropout 0.2, dense 10]';
const figures = '[confusionMatrix]';
const text = `${digitsPipeline({ figures, epochs: 4, batchSize: 50, layers })}  checkpoint: { everySteps: 15 }\n`;

/** The windows between two lines: a random moment falls into most of them hardly ever. */
export const crashPoints: Fault = {
  title:
    'the process dies before each thing that it does to a file of the run or the cache (write, rename, append, ' +
    'flush, remove, make a folder), or after half of a write; the file run again',
  tries: { full: 200, reduced: 6 },
  async run(count, tell) {
    const rig = new Rig();
    rig.writeDigits(400, 100);
    rig.write('digits.yaml', text);
    const reference = await runWhole(rig, 'digits');
    const env = (at: number, isTorn: boolean) => ({
      NODE_OPTIONS: `--require ${rig.write('crash.cjs', crashScript)}`,
      CRASH_AT: String(at),
      CRASH_TORN: isTorn ? '1' : '',
    });
    const run = (store: string, more: Readonly<Record<string, string>> = {}) =>
      rig.run(['run', 'digits.yaml', '--json', '--runs', `${store}/runs`], more);
    await run('counted', env(Infinity, false));
    const points = Number(rig.read('crash-points'));
    tell(`${points} things are done to files`);
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      // Spread over the whole run; each second time a write is torn.
      const [at, isTorn, store] = [Math.floor(((i + Math.random()) * points) / count), i % 2 === 1, `try-${i}`];
      const crashed = await run(store, env(at, isTorn));
      const last = await run(store);
      const problems = () =>
        last.code === 0
          ? problemsOf(join(rig.folder, store, 'runs'), last, reference)
          : [`exit code ${last.code}: ${last.stderr}`];
      let found = problems();
      if (found.length === 1 && found[0]!.includes('.owner.')) {
        // Half of a claim counts for five seconds, as its owner may be writing it.
        await sleep(5000);
        await rig.run(['sync', '--runs', `${store}/runs`]);
        found = problems();
      }
      if (crashed.code !== null) found.push(`it does not die: exit code ${crashed.code}: ${crashed.stderr}`);
      wrong.push(
        ...found.map(
          (line) => `point ${at} of ${points}${isTorn ? ', torn' : ''} (${rig.read('crash-point').trim()}): ${line}`,
        ),
      );
      if (found.length === 0) rmSync(join(rig.folder, store), { recursive: true, force: true });
      if ((i + 1) % 20 === 0) tell(`${i + 1} of ${count} tried, ${wrong.length} wrong`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/**
 * A script that node is to require: it counts what is done to files of the store, the folder beside it and what a sweep
 * writes for its user, programs that are started and requests that are sent. It dies before the one of the number
 * CRASH_AT, with CRASH_TORN after half of it; with CRASH_ON, a regular expression, it counts from the CRASH_NTH that it
 * matches on.
 */
export const crashScript = `
const fs = require('node:fs');
const { openSync, writeFileSync, writeSync } = fs;
const at = Number(process.env.CRASH_AT);
const on = process.env.CRASH_ON && new RegExp(process.env.CRASH_ON);
const files = new Map();
let [count, nth, since] = [0, Number(process.env.CRASH_NTH), on ? undefined : 0];
const isOurs = (target) =>
  typeof target === 'number' ? files.has(target) : /\\/(runs|\\.layerline)(\\/|$)|\\.best\\.yaml/.test(String(target));
const isLast = (what) => {
  count++;
  if (on && since === undefined && on.test(what) && --nth <= 0) since = 0;
  if (since === undefined || since++ !== at) return false;
  writeFileSync('crash-point', what);
  return true;
};
const die = () => process.kill(process.pid, 'SIGKILL');
const writes = ['writeFileSync', 'writeSync', 'renameSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'];
for (const name of [...writes, 'openSync', 'mkdirSync', 'rmSync', 'closeSync']) {
  const original = fs[name];
  fs[name] = (target, ...rest) => {
    const reads = name === 'openSync' && (rest[0] === undefined || rest[0] === 'r');
    const path = files.get(target) ?? String(target);
    if (isOurs(target) && !reads && isLast(name + ' ' + path + ' ' + String(rest[0]).slice(-60))) {
      if (process.env.CRASH_TORN && name.startsWith('write')) tear(name, target, rest[0]);
      die();
    }
    const result = original(target, ...rest);
    if (name === 'openSync' && isOurs(target)) files.set(result, path);
    if (name === 'closeSync') files.delete(target);
    return result;
  };
}
function tear(name, target, data) {
  const bytes = Buffer.from(data);
  const half = bytes.subarray(0, bytes.length >> 1);
  if (name === 'writeSync') writeSync(target, half);
  else writeFileSync(target, half);
}
const before = (module, name, tell) => {
  const original = module[name];
  module[name] = (...args) => {
    if (isLast(tell(...args))) die();
    return original(...args);
  };
};
before(require('node:child_process'), 'spawn', (program) => 'spawn ' + program);
for (const name of ['http', 'https'])
  before(require('node:' + name), 'request', (url, options) => options?.method + ' ' + String(url));
require('node:module').syncBuiltinESMExports();
process.on('exit', () => writeFileSync('crash-points', String(count)));
`;

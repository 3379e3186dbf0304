import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { claim, claimedBy, isAtWork, isClaimed, isMine, untilSecondLook } from '../../src/base/claim.ts';
import { isAlive, self } from '../../src/base/owner.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-claim-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = (): string => join(folder, String(count++), 'run');

test('one has it until it is given back', () => {
  const path = newPath();
  const held = claim(path);
  expect(held).toBeDefined();
  expect(claim(path)).toBeUndefined();
  expect(isClaimed(path)).toBe(true);
  held!.release();
  expect(isClaimed(path)).toBe(false);
  expect(claim(path)).toBeDefined();
  expect(readdirSync(join(path, '..')).map(claimedBy)).toEqual(['run']);
});

/** A claim file as another process would have left it, so many milliseconds ago. */
function leave(file: string, owner: object | string, age = 0): void {
  writeFileSync(file, typeof owner === 'string' ? owner : JSON.stringify(owner));
  const time = new Date(Date.now() - age);
  utimesSync(file, time, time);
}

async function startHolder(): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log()'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((up) => holder.stdout.once('data', up));
  const ended = new Promise((done) => holder.once('exit', done));
  return {
    pid: holder.pid!,
    kill: async () => {
      holder.kill('SIGKILL');
      await ended;
    },
  };
}

const startOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19]!;

test('the claim of a process that ended is taken over at once, also when its number is used again', () => {
  const path = newPath();
  claim(path)!.release();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  leave(`${path}.owner.3`, { ...self(), pid, started: '1' });
  expect(isClaimed(path)).toBe(false);
  claim(path)!.release();
  // This very process, said to have started at another time.
  expect([isAlive({ ...self(), started: '1' }), isAlive(self())]).toEqual([false, true]);
  leave(`${path}.owner.1`, { ...self(), started: '1' });
  expect(claim(path)).toBeDefined();
  expect(existsSync(`${path}.owner.1`)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a living process keeps its claim until it is killed, however long it is silent',
  async () => {
    const path = newPath();
    claim(path)!.release();
    const holder = await startHolder();
    leave(`${path}.owner.1`, { ...self(), pid: holder.pid, started: startOf(holder.pid) }, 3_600_000);
    expect(claim(path)).toBeUndefined();
    expect(await isAtWork(path, () => expect.fail('watched'))).toBe(true);
    await holder.kill();
    expect(isClaimed(path)).toBe(false);
    expect(claim(path)).toBeDefined();
  },
);

test.runIf(process.platform === 'linux')(
  'a process that has ended and is not taken note of by the one above does not live',
  async () => {
    // The shell becomes a sleep, which never asks for the end of what the shell started.
    const above = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(
      await new Promise<string>((say) => above.stdout.once('data', (text: Buffer) => say(String(text)))),
    );
    const started = startOf(pid);
    expect(isAlive({ ...self(), pid, started })).toBe(true);
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '), { timeout: 5000 });
    expect(isAlive({ ...self(), pid, started })).toBe(false);
    above.kill();
  },
);

// They wait for seconds, each for its own claim.
describe.concurrent('a process in another container or on another host', () => {
  // Its number is that of a process here, and its host has the same name.
  const elsewhere = { ...self(), space: 'another boot pid:[4026531836]', nonce: 'another' };

  test('keeps its claim while it gives signs of life, by the clock of the disk', async () => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.1`, elsewhere, 15_000);
    expect([isClaimed(path), claim(path)]).toEqual([true, undefined]);
    let watched = 0;
    const lives = isAtWork(path, () => watched++);
    setTimeout(() => leave(`${path}.owner.1`, elsewhere), 500);
    expect(await lives).toBe(true);
    expect(watched).toBe(1);
    expect(readdirSync(join(path, '..'))).toEqual(['run.owner.1']);
  });

  test.each([
    ['long ago', 21_000],
    ['in the future, as when a clock was set back', -3_600_000],
  ])('is gone when its last sign of life was %s', async (_, age) => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.1`, elsewhere, age);
    // One look is not enough: the machine may just have woken up, or its clock been set.
    expect(isClaimed(path)).toBe(true);
    expect(await isAtWork(path, () => undefined)).toBe(false);
    expect(claim(path)).toBeDefined();
    expect(readdirSync(join(path, '..'))).toEqual(['run.owner.2']);
  });

  test('is not gone when it gives a sign of life between two looks', async () => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.1`, elsewhere, 3_600_000);
    expect(isClaimed(path)).toBe(true);
    leave(`${path}.owner.1`, elsewhere);
    expect(await untilSecondLook()).toBe(true);
    expect([isClaimed(path), claim(path)]).toEqual([true, undefined]);
  });

  test('is watched until its silence has been long enough', async () => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.1`, elsewhere, 19_000);
    let watched = 0;
    expect(await isAtWork(path, () => watched++)).toBe(false);
    expect(watched).toBe(1);
    expect(claim(path)).toBeDefined();
  });
});

test.runIf(process.getuid?.() === 0)('a claim that this user may not read is kept', async () => {
  const path = newPath();
  const held = claim(path)!;
  for (const above of [folder, join(path, '..')]) chmodSync(above, 0o777);
  chmodSync(`${path}.owner.1`, 0o600);
  const program = join(folder, 'hidden.mjs');
  await build({
    input: join(import.meta.dirname, '../../src/base/claim.ts'),
    platform: 'node',
    output: { file: program },
    logLevel: 'silent',
  });
  const script =
    `const { isClaimed } = await import(${JSON.stringify(program)}); ` +
    `console.log(isClaimed(${JSON.stringify(path)}))`;
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      encoding: 'utf8',
    }),
  ).toBe('true\n');
  held.release();
});

test('claims as versions before wrote them: known by host, process id and start', async () => {
  const path = newPath();
  claim(path)!.release();
  const holder = await startHolder();
  const boot = process.platform === 'linux' ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
  const former = process.platform === 'linux' ? [{ started: `${boot} ${startOf(holder.pid)}` }, {}] : [{}];
  for (const more of former) {
    leave(`${path}.owner.1`, { pid: holder.pid, host: hostname(), ...more }, 3_600_000);
    expect(claim(path)).toBeUndefined();
  }
  leave(`${path}.owner.1`, { pid: holder.pid, host: hostname(), started: `another ${startOf(holder.pid)}` });
  expect(isClaimed(path)).toBe(false);
  await holder.kill();
  leave(`${path}.owner.1`, { pid: holder.pid, host: hostname(), ...former[0] });
  expect(isClaimed(path)).toBe(false);
  leave(`${path}.owner.1`, { pid: process.pid, host: 'elsewhere' });
  expect(isClaimed(path)).toBe(true);
  leave(`${path}.owner.1`, { pid: process.pid, host: 'elsewhere' }, 21_000);
  expect(await isAtWork(path, () => undefined)).toBe(false);
});

const here = JSON.stringify(hostname());
test.each([
  '',
  'null',
  '{',
  '{"pid":0,"space":"x"}',
  '{"pid":-1,"host":"x"}',
  '{"pid":"../../1"}',
  '{"pid":1}',
  '[{"pid":1}]',
  `{"pid":1,"host":${here},"started":5}`,
  `{"pid":1,"host":${here},"started":{}}`,
  JSON.stringify({ ...self(), started: 1 }),
])('a claim of %j, which names no process, counts for seconds only', (content) => {
  const path = newPath();
  claim(path)!.release();
  leave(`${path}.owner.1`, content);
  expect(claim(path)).toBeUndefined();
  leave(`${path}.owner.1`, content, 6000);
  expect(claim(path)).toBeDefined();
});

test.each([2n ** 53n - 1n, 2n ** 53n, 10n ** 30n])(
  'a claim of number %s is taken over as any other',
  async (number) => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.${number}`, { ...self(), started: '1' });
    expect([isClaimed(path), await isAtWork(path, () => expect.fail('watched'))]).toEqual([false, false]);
    const held = claim(path);
    expect([held === undefined, isClaimed(path), claim(path), readdirSync(join(path, '..'))]).toEqual([
      false,
      true,
      undefined,
      [`run.owner.${number + 1n}`],
    ]);
    held!.release();
  },
);

test.each(['', '0', '007', '0x10', '1e400', '-1', ' 5', 'Infinity'])(
  'a name that ends in %j is none of a claim',
  (end) => {
    const path = newPath();
    claim(path)!.release();
    leave(`${path}.owner.${end}`, self());
    expect([claimedBy(`run.owner.${end}`), isClaimed(path)]).toEqual([undefined, false]);
    const held = claim(path)!;
    expect(readdirSync(join(path, '..')).toSorted()).toEqual([`run.owner.${end}`, 'run.owner.1'].toSorted());
    held.release();
  },
);

test.runIf(process.platform !== 'win32')('a pipe in the place of a claim holds nobody up', () => {
  const path = newPath();
  claim(path)!.release();
  execFileSync('mkfifo', [`${path}.owner.1`]);
  expect(claim(path)).toBeUndefined();
  utimesSync(`${path}.owner.1`, 1, 1);
  expect(claim(path)).toBeDefined();
});

/** Needs the right to mount: the start of the system is told by nothing, as in hardened containers. */
const hideBoot = (how: string) => ['unshare', '--mount', 'sh', '-c', `${how} && exec "$0" "$@"`];
const canHide = spawnSync('unshare', ['--mount', 'true']).status === 0;

test.runIf(canHide).each([
  ['is not there', 'mount -t tmpfs none /proc/sys/kernel/random'],
  ['is empty', 'mount --bind /dev/null /proc/sys/kernel/random/boot_id'],
])(
  'where the id of the boot %s, a process that cannot be seen may be on another host: only its silence tells',
  async (_, how) => {
    const program = join(folder, 'owner.mjs');
    await build({
      input: join(import.meta.dirname, '../../src/base/owner.ts'),
      platform: 'node',
      output: { file: program },
      logLevel: 'silent',
    });
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const former = {
      pid,
      host: hostname(),
      started: `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} 1`,
    };
    const script =
      `const { isAlive, self } = await import(${JSON.stringify(program)}); console.log(JSON.stringify({ ` +
      `own: self(), lives: isAlive(self()), former: isAlive(${JSON.stringify(former)}), ` +
      `hidden: isAlive({ ...self(), pid: ${pid}, space: 'undefined pid:[4026531836]' }) }))`;
    const [command, ...args] = [...hideBoot(how), process.execPath, '--input-type=module', '-e', script];
    const [one, other] = [0, 1].map(
      () =>
        JSON.parse(execFileSync(command!, args, { encoding: 'utf8' })) as {
          own: { space: string };
          lives: boolean;
          former?: boolean;
          hidden?: boolean;
        },
    );
    expect([one!.lives, one!.former, one!.hidden]).toEqual([true, undefined, undefined]);
    expect(one!.own.space).not.toBe(other!.own.space);
    expect(one!.own.space).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test("a claim is written anew while the main thread is busy, and no other process's is touched", async () => {
  const path = newPath();
  const held = claim(path)!;
  const file = `${path}.owner.1`;
  const [content, { ino, mtimeMs }] = [readFileSync(file, 'utf8'), statSync(file)];
  const busy = (ms: number): void => {
    for (const end = performance.now() + ms; performance.now() < end;);
  };
  busy(3000);
  expect(statSync(file)).toMatchObject({ ino });
  expect(statSync(file).mtimeMs).toBeGreaterThan(mtimeMs + 1000);
  expect(readFileSync(file, 'utf8')).toBe(content);
  expect(isMine(path)).toBe(true);
  // As after a long sleep: taken over, given back, and claimed by one more.
  leave(file, { ...self(), nonce: 'another' }, 10_000);
  const taken = statSync(file).mtimeMs;
  expect(isMine(path)).toBe(false);
  busy(3000);
  expect(statSync(file).mtimeMs).toBe(taken);
  held.release();
  expect(existsSync(file)).toBe(true);
  rmSync(file);
  expect(isMine(path)).toBe(false);
});

test('of processes that want to take over at the same moment, no two have it', async () => {
  const path = newPath();
  claim(path)!.release();
  const program = join(folder, 'claim.mjs');
  await build({
    input: join(import.meta.dirname, '../../src/base/claim.ts'),
    platform: 'node',
    output: { file: program },
    logLevel: 'silent',
  });
  for (let round = 0; round < 3; round++) {
    writeFileSync(`${path}.owner.1`, JSON.stringify({ ...self(), pid: 1, started: '0' }));
    const script =
      `const { claim } = await import(${JSON.stringify(program)}); while (Date.now() < ${Date.now() + 800}); ` +
      `console.log(claim(${JSON.stringify(path)}) === undefined ? 0 : 1); process.stdin.resume()`;
    const processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const outputs = await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
    await Promise.all(
      processes.map((process) => {
        process.stdin.end();
        return once(process, 'exit');
      }),
    );
    expect(outputs.map(([text]) => Number(text)).reduce((a, b) => a + b)).toBe(1);
  }
}, 30_000);

const full = join(folder, 'full');
mkdirSync(full);
/** Needs the right to mount: a disk of one page, which is filled. */
const canMount = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', full], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(canMount)('a claim that a full disk does not hold leaves nothing that keeps others off', () => {
  try {
    writeFileSync(join(full, 'all'), new Uint8Array(4096));
    expect(() => claim(join(full, 'run'))).toThrow('ENOSPC');
    expect(readdirSync(full)).toEqual(['all']);
    rmSync(join(full, 'all'));
    expect(claim(join(full, 'run'))).toBeDefined();
  } finally {
    execFileSync('umount', [full]);
  }
});

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServe } from '../commands/model-server.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { type OddRequest, oddPictures, oddTables } from './odd-requests.ts';
import { pythonProgram } from './setup.ts';

const rig = new Rig();
let theirs: ChildProcess | undefined;
afterAll(() => rig.remove());

const files: Readonly<Record<string, string>> = {
  digits: digitsPipeline({ epochs: 1 }),
  penguins: readFileSync(join(import.meta.dirname, '../../pipelines/penguins.yaml'), 'utf8').replace(
    'epochs: 60',
    'epochs: 2',
  ),
};
beforeAll(() => {
  rig.writeDigits();
  cpSync(join(import.meta.dirname, '../../pipelines/data'), join(rig.folder, 'data'), { recursive: true });
});

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** `mlflow models serve`, and its address. */
async function startTheirs(model: string): Promise<string> {
  const port = await freePort();
  const bin = dirname(pythonProgram);
  const args = ['models', 'serve', '-m', model, '--env-manager', 'local', '-p', String(port), '-w', '1'];
  let said = '';
  theirs = spawn(join(bin, 'mlflow'), args, {
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [theirs.stdout!, theirs.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  for (let tries = 0; tries < 600; tries++) {
    if (theirs.exitCode !== null) throw new Error(said);
    const isUp = await fetch(`http://127.0.0.1:${port}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return `http://127.0.0.1:${port}`;
    await setTimeout(100);
  }
  throw new Error(`it does not answer: ${said}`);
}

const picture = (seed: number) =>
  Array.from({ length: 28 }, (_, y) => Array.from({ length: 28 }, (_pixel, x) => [((seed + y * x) % 17) / 17]));
const measures = [
  [0.5, -1, 0.25],
  [1, 1, -1],
];
const origin = [
  [1, 0, 0, 0, 1],
  [0, 0, 1, 1, 0],
];
const bodies: Readonly<Record<string, readonly unknown[]>> = {
  digits: [{ inputs: [picture(0), picture(3)] }, { instances: [picture(5)] }],
  penguins: [
    { inputs: { measures, origin } },
    { instances: measures.map((row, k) => ({ measures: row, origin: origin[k] })) },
  ],
};

const odd: Readonly<Record<string, readonly OddRequest[]>> = {
  digits: oddPictures(picture(0)),
  penguins: oddTables(measures, origin),
};

/** To the digits that float32 keeps through other sums. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(3)) : one)));

interface Answered {
  readonly status: number;
  readonly said: string;
}

async function send(server: string, { type = 'application/json', body }: Pick<OddRequest, 'type' | 'body'>) {
  const answer = await fetch(`${server}/invocations`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: body as NonNullable<RequestInit['body']>,
  });
  return { status: answer.status, said: await answer.text() };
}

/** A client of MLflow is answered as there, but for what is no number; what is refused is named with its place. */
function compareOdd({ name, place, differs }: OddRequest, own: Answered, other: Answered): void {
  const told = `${name}: ${own.status} ${own.said.slice(0, 300)}; MLflow ${other.status} ${other.said.slice(-300)}`;
  const kind = ({ status }: Answered) => Math.floor(status / 100);
  expect(kind(own), told).toBe(place === undefined ? 2 : 4);
  if (place !== undefined) expect((JSON.parse(own.said) as { message: string }).message, told).toMatch(place);
  if (differs === undefined) expect(kind(other), told).toBe(kind(own));
  if (differs === 'more') expect(kind(other), told).toBe(4);
  if (differs === 'no number')
    expect([kind(other), other.said], told).toEqual([2, expect.stringMatching(/NaN|Infinity/)]);
  if (kind(own) === 2 && kind(other) === 2)
    expect(rounded(JSON.parse(own.said)), told).toEqual(rounded(JSON.parse(other.said)));
}

test.each(Object.keys(files))(
  '`mlflow models serve` answers to the tensors of %s as `pipeline serve`, and refuses what it does',
  async (name) => {
    rig.write(`${name}.yaml`, files[name]!);
    const { id, model } = await rig.train(`${name}.yaml`);
    const ours = await startServe(rig, [id]);
    try {
      const address = await startTheirs(model);
      for (const body of bodies[name]!) {
        const [own, other] = await Promise.all(
          [ours.address, address].map((server) => send(server, { body: JSON.stringify(body) })),
        );
        expect(other!.status, other!.said).toBe(200);
        expect(own!.status, own!.said).toBe(200);
        expect(rounded(JSON.parse(own!.said))).toEqual(rounded(JSON.parse(other!.said)));
      }
      for (const request of odd[name]!)
        compareOdd(request, await send(ours.address, request), await send(address, request));
      const [one, another] = await Promise.all([ours.address, address].map((server) => fetch(`${server}/health`)));
      expect([one!.status, await one!.text()]).toEqual([another!.status, await another!.text()]);
    } finally {
      // All that it has started.
      if (theirs?.pid !== undefined) process.kill(-theirs.pid, 'SIGKILL');
      await ours.stop();
    }
  },
  180_000,
);

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, Rig, digitsPipeline, eventsOf } from './rig.ts';

/** Machines that share what they keep: each has its own project and caches, but for the engine. */
export class SharedMachines {
  readonly #rigs: Rig[] = [];

  /** @param remote what the pipeline file names; left out: nothing */
  add(remote?: string): Rig {
    const rig = new Rig();
    this.#rigs.push(rig);
    rig.writeDigits(300, 60);
    const cache = remote === undefined ? '' : `cache: { remote: '${remote}' }\n`;
    rig.write('p.yaml', `${digitsPipeline({ epochs: 1 })}${cache}`);
    return rig;
  }

  remove(): void {
    this.#rigs.splice(0).forEach((rig) => rig.remove());
  }
}

const told = ({ stdout }: Ended, type: string) => eventsOf(stdout).filter((event) => event['type'] === type);

/** The stages that a run with `--json` took from a place, and those that it ran. */
export function stagesOf(ended: Ended, address: string) {
  const skipped = told(ended, 'stage-skipped').filter(({ from }) => from === address);
  return { fetched: skipped.map(({ stage }) => stage), run: told(ended, 'stage-started').map(({ stage }) => stage) };
}

/** What a run with `--json` said of the place, by its code. */
export function saidOfPlace(ended: Ended): readonly (readonly [code: string, message: string])[] {
  return told(ended, 'diagnostic')
    .map(({ diagnostic }) => diagnostic as { readonly code: string; readonly message: string })
    .filter(({ code }) => code.startsWith('remote-'))
    .map(({ code, message }) => [code, message] as const);
}

export const allStages = ['load', 'train', 'evaluate', 'visualize'];

/** Sees to it that two runs came to the same. */
export function expectSame(one: Ended, other: Ended): void {
  const [a, b] = [one, other].map((ended) => told(ended, 'run-finished')[0]!);
  expect(a!['weightsSha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(b!['weightsSha256']).toBe(a!['weightsSha256']);
  expect(b!['metrics']).toEqual(a!['metrics']);
}

/** Paths below a folder of the files that hold a text. */
export function filesWith(rig: Rig, text: string): readonly string[] {
  const entries = readdirSync(rig.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((path) => readFileSync(path).includes(text));
}

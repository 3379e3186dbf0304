import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { type Ended, Rig, digitsPipeline } from '../rig.ts';

const tsx = join(import.meta.dirname, '../../node_modules/.bin/tsx');

/** A sweep over tiny trainings, whose driver is a process of its own. */
export class SweepRig extends Rig {
  /** The folder of its runs. */
  readonly store: string;

  constructor(values: readonly Readonly<Record<string, unknown>>[], more: object = {}, epochs = 3, store = 'runs') {
    super();
    this.store = store;
    this.writeDigits(200, 50);
    this.write('p.yaml', `${digitsPipeline({ epochs })}  checkpoint: { everySeconds: 0.05 }\n`);
    this.write('s.json', JSON.stringify({ pipeline: 'p.yaml', values, ...more }));
  }

  /** Starts the driver. */
  drive(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const started = performance.now();
    // Without the shell of tsx's own start: a kill has to reach the driver.
    const child = spawn(
      process.execPath,
      [
        '--import',
        join(tsx, '../../tsx/dist/loader.mjs'),
        join(import.meta.dirname, 'drive.ts'),
        's.json',
        '--json',
        ...args,
      ],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - started })),
    );
    return { child, ended };
  }

  /** Its one journal, line by line. */
  get journal(): readonly Record<string, unknown>[] {
    return this.read(this.journalPath)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line.slice(9)) as Record<string, unknown>);
  }

  get journalPath(): string {
    const root = `.layerline/sweeps/${this.store}`;
    const names = readdirSync(join(this.folder, root)).filter((name) => /-\d+$/.test(name));
    return `${root}/${names.toSorted().at(-1)}/journal.jsonl`;
  }

  /** Tags of all runs but the parent, by their trial. */
  get trialRuns(): ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> {
    const found = new Map<string, Readonly<Record<string, string>>[]>();
    for (const experiment of readdirSync(join(this.folder, this.store)).filter((name) => /^\d+$/.test(name))) {
      const folder = join(this.folder, this.store, experiment);
      for (const run of readdirSync(folder).filter((name) => /^[0-9a-f]{32}$/.test(name))) {
        const { tags } = readRun(join(folder, run));
        const status = /^status: (\d)/m.exec(readFileSync(join(folder, run, 'meta.yaml'), 'utf8'))![1]!;
        const trial = tags['layerline.trial'] ?? 'parent';
        found.set(trial, [...(found.get(trial) ?? []), { ...tags, status, run }]);
      }
    }
    return found;
  }
}

/** Faults of a sweep that is done: trials that were lost or doubled. */
export function faultsOf(rig: SweepRig, trials: number): readonly string[] {
  const runs = rig.trialRuns;
  const faults: string[] = [];
  for (let trial = 1; trial <= trials; trial++) {
    const of = runs.get(String(trial)) ?? [];
    if (of.length !== 1) faults.push(`trial ${trial} has ${of.length} runs`);
    else if (of[0]!['status'] !== '3') faults.push(`trial ${trial} did not finish`);
    const ends = rig.journal.filter((line) => line['type'] === 'ended' && line['trial'] === trial);
    if (ends.filter((line) => line['state'] === 'done').length !== 1)
      faults.push(`trial ${trial} ended ${ends.length} times`);
  }
  if (runs.size !== trials + 1) faults.push(`${runs.size - 1} trials, not ${trials}`);
  if ((runs.get('parent') ?? []).length !== 1) faults.push('not one parent');
  return faults;
}

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What must never be sent anywhere. */
export const secret = 'TOP-SECRET';

/** Someone else's folder, with everything that a planted store or cache could want to read, change or remove. */
export class Outside {
  readonly folder = mkdtempSync(join(tmpdir(), 'layerline-outside-'));
  #before: readonly string[] = [];

  constructor(runId: string) {
    const checkpoints = ['checkpoints/step-000000000001.ckpt', 'checkpoints/.new'];
    const kept = [
      'a.outcome',
      `train/${'c'.repeat(64)}.outcome`,
      'd'.repeat(64),
      '.gitignore',
      '.00000000-0000-4000-8000-000000000000.tmp',
    ];
    for (const name of [
      'secret',
      'metrics/notes',
      'params/lr',
      'tags/note',
      'run.journal',
      `${runId}/meta.yaml`,
      ...checkpoints,
      ...kept,
    ]) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), `${secret}\n`);
    }
    const meta = {
      name: secret,
      experiment_id: '7',
      artifact_location: 'file:///elsewhere/7',
      lifecycle_stage: 'deleted',
      status: 1,
      run_name: secret,
      artifact_uri: `file:///elsewhere/${runId}/artifacts`,
    };
    writeFileSync(join(this.folder, 'meta.yaml'), JSON.stringify(meta));
    for (const name of readdirSync(this.folder)) utimesSync(join(this.folder, name), 1e9, 1e9);
    this.remember();
  }

  /** To be called after the test itself changed it. */
  remember(): void {
    this.#before = contentOf(this.folder);
  }

  /** What it was, and what it is. */
  get compared(): readonly [before: readonly string[], now: readonly string[]] {
    return [this.#before, contentOf(this.folder)];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Everything below a folder: names, contents, times of change. */
export function contentOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile()
        ? `${path} ${statSync(path).mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
        : path;
    })
    .toSorted();
}

/** Puts a link where something was. */
export function replaceByLink(path: string, target: string): void {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { writeProposal } from '../../src/commands/write-proposal.ts';
import { propose } from '../../src/datasets/propose/propose.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

/** Data of a user's in a folder of its own, and what `init --data` makes of it. */
export class OwnData {
  readonly folder = mkdtempSync(join(tmpdir(), 'layerline-propose-'));

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Writes a file; gives its path. */
  plant(path: string, content: string | Uint8Array): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  /** The file that is proposed for data, in which nothing is wrong. */
  written(data: string, ...targets: readonly string[]): string {
    const text = writeProposal(propose({ data, targets, written: (path) => path }), 'it', 'schema.json');
    const { diagnostics } = checkSource({ name: join(this.folder, 'it.yaml'), text });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(text.split('\n').filter((line) => line.length > 120 && !line.includes(this.folder))).toEqual([]);
    return text;
  }

  /** What is told where nothing can be proposed. */
  told(data: string, ...targets: readonly string[]): string {
    try {
      this.written(data, ...targets);
    } catch (error) {
      const { diagnostics = [] } = error as { diagnostics?: readonly { message: string; hint?: string }[] };
      return diagnostics.map(({ message, hint }) => `${message} ${hint}`).join('\n');
    }
    return '';
  }
}

/** Lines, one after the other. */
export const rowsOf = (count: number, row: (k: number) => string) =>
  Array.from({ length: count }, (_, k) => row(k)).join('\n');

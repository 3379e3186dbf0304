import { join } from 'node:path';
import { afterAll } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

/** Where the tables lie. */
export const rig = new Rig();
afterAll(() => rig.remove());

/** Rows, each made from its place. */
export const many = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i));
/** A number from 0 to 10 for each place. */
export const random = (i: number) => ((i * 7919 + 13) % 101) / 10;

/** Two digits. */
export const pad = (i: number) => String(i).padStart(2, '0');
/** The first 30 places in another order. */
export const shuffled = (i: number) => (i * 17) % 30;

/** What `validate` tells of a table, as `code: message`. */
export function told(
  names: string,
  rows: readonly string[],
  { source = '', split = '', layers = '[dense 1]', loss = 'meanSquaredError', train = '' } = {},
): string[] {
  rig.write('d.csv', `${names}\n${rows.join('\n')}\n`);
  const text =
    'name: t\ndata: { source: { csv: { file: d.csv, ' +
    `targets: { y: ${loss === 'meanSquaredError' ? 'number' : '[a, b]'} }${source} } }, split: { ${split} } }\n` +
    `model: { layers: ${layers} }\ntrain: { optimizer: adam, loss: ${loss}, batchSize: 4, epochs: 1${train} }\n`;
  return checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics.map(
    ({ code, message, range, severity }) =>
      `${severity} ${code} at ${range!.source.text.slice(range!.start, range!.end).slice(0, 12).trim()}: ${message}`,
  );
}

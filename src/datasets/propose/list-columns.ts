import { isNamed } from '../given-values.ts';
import { parseLine } from '../tables/parse-line.ts';
import { labelsOfList } from '../several-labels.ts';
import type { Start } from './read-start.ts';

/**
 * The columns of which lines of JSON at the beginning of a file mostly hold lists of labels, as texts or whole numbers:
 * an odd one among them is told by who reads it.
 */
export function listColumnsIn({ bytes, whole }: Start): readonly string[] {
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n');
  // What the beginning of the file ends in is no line yet.
  const rows = (whole ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== '').map(rowIn);
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => Array.isArray(row[name]))));
  return [...names].filter((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== undefined && value !== null);
    return 2 * values.filter(areLabels).length > values.length;
  });
}

function rowIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const row = parseLine(line, '');
    return isNamed(row) ? row : {};
  } catch {
    // Reading says what is wrong with it.
    return {};
  }
}

/** Lists of measures are none. */
const areLabels = (list: unknown) =>
  labelsOfList(list)?.every((label) => !Number.isFinite(Number(label)) || Number.isInteger(Number(label))) === true;

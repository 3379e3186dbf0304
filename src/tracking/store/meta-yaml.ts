import { parse } from 'yaml';
import { writeFileAtomic } from '../../base/files.ts';
import { readOwnFile } from './run-folder.ts';

/** What a `meta.yaml` of MLflow's file store holds, by key. */
export type Meta = Readonly<Record<string, unknown>>;

/**
 * Reads a `meta.yaml`, ours or one that MLflow wrote.
 *
 * @param limit bytes that it may have
 * @returns undefined when the file is missing, a link, too large, or not a map: MLflow passes over such a folder too
 */
export function readMeta(path: string, limit?: number): Meta | undefined {
  try {
    const meta = parseMeta(path, limit);
    return typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? (meta as Meta) : undefined;
  } catch {
    return undefined;
  }
}

/** A value as text; '' for what has none: in a file from elsewhere a map may stand in the place of a name. */
export function metaText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * Writes a `meta.yaml` whole or not at all: a cut one breaks the list of its whole experiment in MLflow.
 *
 * @param aside see writeFileAtomic
 */
export function writeMeta(path: string, meta: Meta, aside?: string): void {
  writeFileAtomic(
    path,
    Object.entries(meta)
      .map(([key, value]) => `${key}: ${yamlScalar(value)}\n`)
      .join(''),
    aside,
  );
}

/** Changes keys of a `meta.yaml` and leaves the others as they are now: the UI may have renamed the run meanwhile. */
export function editMeta(path: string, changes: Meta): void {
  writeMeta(path, { ...(parseMeta(path) as Meta), ...changes });
}

// Keys that are compared with each other, aliases that are looked up and errors that are drawn take minutes in a file
// made for it.
function parseMeta(path: string, limit = 65_536): unknown {
  const text = readOwnFile(path, limit);
  return parseOwn(text) ?? parse(text, { uniqueKeys: false, maxAliasCount: 0, prettyErrors: false });
}

const ownLine = /^([a-z]\w*): (null|-?\d{1,15}|"(?:[^"\\]|\\[^/])*"|\[\])$/;

/** What was written by `writeMeta` and has no maps in it: YAML's parser takes twenty times as long for it. */
function parseOwn(text: string): Meta | undefined {
  const meta: Record<string, unknown> = {};
  for (const line of text.trimEnd().split('\n')) {
    const [, key, value] = ownLine.exec(line) ?? [];
    if (key === undefined) return undefined;
    try {
      meta[key] = JSON.parse(value!);
    } catch {
      return undefined;
    }
  }
  return meta;
}

// JSON is YAML, but for characters that PyYAML refuses in a stream or takes for line breaks.
function yamlScalar(value: unknown): string {
  const wellFormed = typeof value === 'string' ? Buffer.from(value).toString() : value;
  return JSON.stringify(wellFormed).replace(
    /[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

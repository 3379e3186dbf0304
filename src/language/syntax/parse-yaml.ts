import {
  type Document,
  type Node as YamlNode,
  type Pair,
  type YAMLMap,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import { type Diagnostic, mistake, type Range, type Source } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import { findTooDeep, nestingLimit } from './nesting-limit.ts';
import { warnOfQuotes } from './odd-characters.ts';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from './source-tree.ts';
import { shorten } from '../../base/shorten.ts';
import { showCount } from '../../base/quantities.ts';
import { explainYamlErrors } from './yaml-errors.ts';

/**
 * Characters: a thousand times the reference pipeline; within it the parser answers in well under a second whatever the
 * text.
 */
export const sizeLimit = 256 * 1024;
/** Nodes of a tree with every alias written out. */
const nodeLimit = 20_000;

/** A parsed text; without root where nothing in it can be relied on. */
export interface Parsed {
  readonly root?: Node;
  readonly diagnostics: readonly Diagnostic[];
  /** Nodes that stand for something with a fault: not to be complained about again. */
  readonly reported: readonly Node[];
}

/**
 * Reads YAML 1.2 (core schema) into a tree with positions. Every fault becomes a diagnostic; nothing is thrown.
 *
 * @param from where the YAML begins, in a text with something before it; null is a value there
 */
export function parseYaml(source: Source, from = 0): Parsed {
  const refused = refuseUnread(source);
  if (refused !== undefined) return { diagnostics: [refused], reported: [] };
  const text = `${' '.repeat(from)}${source.text.slice(from)}`;
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const first = documents[0];
  if (!Array.isArray(documents) || first === undefined) return { diagnostics: [emptyFile(source)], reported: [] };
  const problems = explainYamlErrors(
    source,
    text,
    documents.flatMap((document) => [...document.errors, ...document.warnings]),
  );
  if (problems.some(({ code }) => code === 'yaml-syntax')) return { diagnostics: problems, reported: [] };
  const reader = new TreeReader(source);
  const root = first.contents === null ? undefined : reader.read(first.contents, { source, start: 0, end: 0 });
  const diagnostics = [
    ...problems,
    ...reader.diagnostics,
    ...oneDocument(source, documents),
    ...rightVersion(source, first),
  ];
  if (root === undefined || (from === 0 && root.kind === 'scalar' && root.value === null))
    return { diagnostics: [...diagnostics, emptyFile(source)], reported: [] };
  return reader.overflown ? { diagnostics, reported: [] } : { root, diagnostics, reported: reader.reported };
}

function refuseUnread(source: Source): Diagnostic | undefined {
  const { length } = source.text;
  const top = { source, start: 0, end: 0 };
  if (length > sizeLimit) {
    return mistake(
      'file-too-large',
      `The file has ${showCount(length)} characters; a pipeline file may have ${showCount(sizeLimit)}.`,
      top,
      'Data belongs in files of its own; the pipeline file only names them.',
    );
  }
  const binary = source.text.search(/[\0\ufffe\uffff]/);
  if (binary >= 0)
    return mistake(
      'not-text',
      'This is not a text file.',
      { source, start: binary, end: binary + 1 },
      'A pipeline file is YAML, saved as UTF-8.',
    );
  const deep = findTooDeep(source.text);
  if (deep === undefined) return undefined;
  return mistake(
    'too-deep',
    `More than ${nestingLimit} levels of lists and maps inside each other.`,
    { source, start: deep, end: deep + 1 },
    'Look for a bracket that is never closed.',
  );
}

function emptyFile(source: Source): Diagnostic {
  return mistake(
    'empty-file',
    'The file is empty: it describes no pipeline.',
    { source, start: 0, end: 0 },
    'It needs at least `name`, `data`, `model` and `train`; pipelines/mnist.yaml is an example.',
  );
}

function oneDocument(source: Source, documents: readonly Document[]): readonly Diagnostic[] {
  const second = documents[1];
  if (second === undefined) return [];
  const [begin] = second.range ?? [0];
  const start = Math.max(source.text.lastIndexOf('---', begin), 0);
  return [
    mistake(
      'several-documents',
      `The file holds ${documents.length} YAML documents; a pipeline file is one.`,
      { source, start, end: start + 3 },
      'Remove the line `---`, or make it two files.',
    ),
  ];
}

function rightVersion(source: Source, { directives }: Document): readonly Diagnostic[] {
  if (directives?.yaml.explicit !== true || directives.yaml.version === '1.2') return [];
  const start = Math.max(source.text.indexOf('%YAML'), 0);
  return [
    mistake(
      'yaml-version',
      `A pipeline file is YAML 1.2, not ${directives.yaml.version}.`,
      { source, start, end: start + 9 },
      'Remove the line; in YAML 1.2 only `true` and `false` are truth values.',
    ),
  ];
}

/** Turns the library's nodes into ours; remembers anchors, which may be used only below the place they are set. */
class TreeReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly reported: Node[] = [];
  overflown = false;
  private readonly source: Source;
  private readonly anchors = new Map<string, { node: Node; size: number } | 'open'>();
  private size = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** @param around the range of a node that has no text of its own */
  read(yaml: YamlNode | null, around: Range): Node {
    const before = this.size++;
    if (yaml === null) return { kind: 'scalar', value: null, range: around };
    if (isAlias(yaml)) return this.alias(yaml.source, this.rangeOf(yaml), around);
    const anchor = isScalar(yaml) || isCollection(yaml) ? yaml.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, 'open');
    const node = this.content(yaml, around);
    if (anchor !== undefined) this.anchors.set(anchor, { node, size: this.size - before });
    return node;
  }

  private content(yaml: YamlNode, around: Range): Node {
    const range = this.rangeOf(yaml);
    if (isMap(yaml)) return this.map(yaml, range);
    if (isSeq(yaml))
      return {
        kind: 'list',
        items: yaml.items.map((item) =>
          this.read(item as YamlNode | null, this.dashOf(item as YamlNode | null, range)),
        ),
        range,
      } satisfies ListNode;
    const value = isScalar(yaml) ? yaml.value : null;
    const odd = isScalar(yaml) && yaml.type === 'PLAIN' ? warnOfQuotes(range) : undefined;
    if (odd !== undefined) this.diagnostics.push(odd);
    const plain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
    return {
      kind: 'scalar',
      value: plain ? value : null,
      range: range.start === range.end ? around : range,
    } satisfies ScalarNode;
  }

  private map(yaml: YAMLMap, range: Range): MapNode {
    const entries = new Map<string, Entry>();
    for (const pair of yaml.items as Pair<YamlNode | null, YamlNode | null>[]) {
      const key = this.key(pair.key, range);
      if (key === undefined) continue;
      const value = key.glued ? this.broken(key.range) : this.read(pair.value, key.range);
      const earlier = entries.get(key.text);
      if (earlier === undefined) entries.set(key.text, { key: key.text, keyRange: key.range, value });
      else this.duplicate(key, earlier);
    }
    return { kind: 'map', entries: [...entries.values()], range };
  }

  private key(yaml: YamlNode | null, around: Range): { text: string; range: Range; glued?: true } | undefined {
    if (!isScalar(yaml) || yaml.range == null || yaml.range[0] === yaml.range[1]) {
      const range = yaml === null ? { ...around, end: around.start + 1 } : this.rangeOf(yaml);
      this.diagnostics.push(
        mistake(
          'bad-key',
          yaml === null || isScalar(yaml) ? 'A key is missing in front of the colon.' : 'A key must be a plain word.',
          range,
        ),
      );
      return undefined;
    }
    const range = this.rangeOf(yaml);
    const text = typeof yaml.value === 'string' ? yaml.value : this.source.text.slice(range.start, range.end);
    // Within quotes, a colon is part of the name.
    const glued = yaml.type === 'PLAIN' ? /^([\w-]+):(\S.*)$/s.exec(text) : null;
    if (glued === null) return { text, range };
    this.diagnostics.push(
      mistake(
        'yaml-space',
        `A space is missing after the colon in \`${shorten(text)}\`.`,
        range,
        `Write \`${shorten(glued[1]!)}: ${shorten(glued[2]!)}\`.`,
      ),
    );
    return { text: glued[1]!, range, glued: true };
  }

  private duplicate(key: { text: string; range: Range }, earlier: Entry): void {
    this.diagnostics.push({
      ...mistake('duplicate-key', `\`${shorten(key.text)}\` stands here twice.`, key.range, 'Keep one of the two.'),
      related: [{ message: 'the first one', range: earlier.keyRange }],
    });
  }

  private alias(name: string, range: Range, around: Range): Node {
    const target = this.anchors.get(name);
    if (target !== undefined && target !== 'open') {
      this.size += target.size;
      if (this.size > nodeLimit && !this.overflown) {
        this.overflown = true;
        this.diagnostics.push(
          mistake(
            'alias-limit',
            `With its aliases written out the file would have more than ${showCount(nodeLimit)} values.`,
            range,
            'Aliases of aliases grow without measure; write the values out.',
          ),
        );
      }
      return target.node;
    }
    // Nobody sees the hints beyond the limit, and thousands of them take seconds.
    const guess =
      this.diagnostics.length > mistakeLimit
        ? undefined
        : nearest(
            name,
            [...this.anchors].filter(([, state]) => state !== 'open').map(([anchor]) => anchor),
          );
    const message =
      target === 'open'
        ? `\`*${shorten(name)}\` stands inside \`&${shorten(name)}\` itself.`
        : `\`*${shorten(name)}\` names no anchor above it.`;
    const open = target === 'open' ? 'Write it out; nothing can hold itself.' : undefined;
    this.diagnostics.push(
      mistake(
        'unknown-alias',
        message,
        range,
        open ??
          (guess === undefined
            ? `Set \`&${shorten(name)}\` further up, or put a text that starts with \`*\` in quotes.`
            : `Did you mean \`*${guess}\`?`),
      ),
    );
    return this.broken(around);
  }

  private broken(range: Range): Node {
    const node: Node = { kind: 'scalar', value: null, range };
    this.reported.push(node);
    return node;
  }

  /** Where to point for a list item that is not there. */
  private dashOf(item: YamlNode | null, list: Range): Range {
    if (item?.range == null || item.range[0] < item.range[1]) return list;
    const start = Math.max(this.source.text.lastIndexOf('-', item.range[0]), list.start);
    return { ...list, start, end: start + 1 };
  }

  private rangeOf(yaml: YamlNode): Range {
    const [start, end] = yaml.range ?? [0, 0];
    return { source: this.source, start, end: start + this.source.text.slice(start, end).trimEnd().length };
  }
}

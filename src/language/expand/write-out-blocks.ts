import { findRow, namesOf } from './find-row.ts';
import { type Expansion, isNull, nearestIn, withoutNulls } from './expansion.ts';
import type { Range, RelatedRange, Source } from '../../base/diagnostics.ts';
import { layers as layerTable } from '../../layers/layers.ts';
import { type Block, type Report, blockName, readBlocks, readRepeat, reporter } from './read-blocks.ts';
import { describeNode } from '../check/describe-schema.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { isLayerName, suggestLayerName } from './layer-name.ts';
import { isOfSetting } from './settings.ts';
import { shorten } from '../../base/shorten.ts';
import { showCount } from '../../base/quantities.ts';
import {
  type Entry,
  type MapNode,
  type Node,
  entryOf,
  replaceAt,
  sourcesOf,
  withoutEntry,
} from '../syntax/source-tree.ts';
import { fillIn } from './fill-in-block.ts';

/**
 * More layers than any net that one writes by hand has; a few lines of blocks can ask for millions, and the checks of a
 * graph recurse.
 */
const layerLimit = 2_000;

/** One use of a block, or one turn of a repetition: its layers see the names in it, and what it takes as `input`. */
export interface Scope {
  /** What its layers' names begin with: `Residual_1.`. */
  readonly prefix: string;
  /** Place of its first layer. */
  readonly first: number;
  readonly outer?: Scope;
  /** What its `from` says; left out: what comes before it. */
  readonly from?: Node;
  /** A turn of a repetition sees the names around it too. */
  readonly open: boolean;
}

/** A tree with all layers in one list. */
export interface Unfolded {
  readonly root: Node;
  /** The use or turn that each layer belongs to; undefined for a layer of the model's own list. */
  readonly scopes: readonly (Scope | undefined)[];
  /** The full name of each use and repetition: its place for messages, and that of its last layer. */
  readonly uses: ReadonlyMap<string, { readonly range: Range; readonly last: number }>;
  /** For each layer that `share` wrote out: the place of the one whose weights it takes. */
  readonly shares: ReadonlyMap<number, number>;
}

/** The uses and repetitions that a layer is in, from the outside in. @param name its full name */
export function usesAround(name: string, { uses }: Unfolded): readonly RelatedRange[] {
  const parts = name.split('.');
  const around = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  return around.flatMap((use) =>
    uses.has(use) ? [{ message: `used here, as ${use}`, range: uses.get(use)!.range }] : [],
  );
}

/** Writes out `repeat` and the uses of `blocks`. What has a mistake stays where it is, marked as reported. */
export function unfold(root: Node, state: Expansion): Unfolded {
  const model = entryOf(root, 'model')?.value;
  const list = entryOf(model, 'layers')?.value;
  const report = reporter(state);
  const { blocks, broken } = readBlocks(entryOf(model, 'blocks'), report);
  const flat = model?.kind === 'map' ? replaceAt(root, ['model'], withoutEntry(model, 'blocks')) : root;
  if (model === undefined || list?.kind !== 'list')
    return { root: flat, scopes: [], uses: new Map(), shares: new Map() };
  const unfolder = new Unfolder(blocks, broken, state);
  unfolder.add(list.items, undefined, []);
  // What is laid over a file may put other layers in the place of some, whose blocks are left then.
  const rankOf = (source: Source) =>
    isOfSetting({ source, start: 0, end: 0 }, root.range.source) ? 2 : Number(source === root.range.source);
  const isReplaced = ({ source }: Range) =>
    [list, ...list.items].some((node) =>
      sourcesOf(node).some((one) => one !== source && rankOf(one) >= rankOf(source)),
    );
  for (const block of blocks.values()) {
    // What a wrong block uses, or what comes after the limit, is not known.
    if (!isReplaced(block.keyRange) && !unfolder.used.has(block.name) && broken.size === 0 && !unfolder.overflown)
      report(
        'unused-block',
        `No layer uses the block \`${block.name}\`.`,
        block.keyRange,
        `Use it in \`layers\`, as \`- ${block.name}\`, or remove it.`,
      );
  }
  if (unfolder.overflown) for (const layer of unfolder.layers) state.reported.add(layer);
  return {
    root: replaceAt(flat, ['model', 'layers'], { ...list, items: unfolder.layers }),
    scopes: unfolder.scopes,
    uses: unfolder.uses,
    shares: unfolder.shares,
  };
}

/** Writes out a use under a name. */
type Writer = (path: string, at: { readonly scope: Scope | undefined; readonly from: Node | undefined }) => void;

class Unfolder {
  readonly layers: Node[] = [];
  readonly scopes: (Scope | undefined)[] = [];
  readonly uses = new Map<string, { range: Range; last: number }>();
  readonly used = new Set<string>();
  /** Names in the lists so far, of layers further down too. */
  private readonly named = new Set<unknown>();
  readonly shares = new Map<number, number>();
  /** How to write out each use and repetition once more, and the place of its first layer. */
  private readonly writers = new Map<string, { readonly first: number; readonly write: Writer }>();
  readonly blocks: ReadonlyMap<string, Block>;
  readonly broken: ReadonlySet<string>;
  private readonly state: Expansion;
  private readonly report: Report;
  overflown = false;

  constructor(blocks: ReadonlyMap<string, Block>, broken: ReadonlySet<string>, state: Expansion) {
    [this.blocks, this.broken, this.state, this.report] = [blocks, broken, state, reporter(state)];
  }

  /** @param stack names of the blocks around */
  add(items: readonly Node[], scope: Scope | undefined, stack: readonly string[]): void {
    const taken = new Set(
      items
        .map((item) => entryOf(item, 'name')?.value)
        .map((name) => (name?.kind === 'scalar' ? name.value : undefined)),
    );
    for (const name of taken) this.named.add(name);
    const counts = new Map<string, number>();
    for (const item of items.map((one) => withoutNulls(one, ['name', 'from', 'share']))) {
      if (this.overflown) return;
      const use = this.useIn(item);
      if (use === undefined) this.push(item, scope);
      else if (this.checkBeside(item, use))
        this.addUse(item, use, { scope, stack, name: this.nameOf(item, use.key, { scope, taken, counts }) });
      else this.pushReported(item, scope);
    }
  }

  private addUse(
    item: Node,
    use: Entry,
    at: { readonly scope: Scope | undefined; readonly stack: readonly string[]; readonly name: string },
  ): void {
    const { scope, stack, name } = at;
    const first = this.layers.length;
    const path = `${scope?.prefix ?? ''}${name}`;
    const write = this.writerOf(use, { scope, stack });
    write?.(path, { scope, from: entryOf(item, 'from')?.value });
    if (this.layers.length === first)
      this.pushReported(item.kind === 'map' && use.key !== 'share' ? withoutEntry(item, 'name') : item, scope);
    else if (write !== undefined) this.writers.set(path, { first, write });
    // What is written out as one layer bears the name itself; else the use does, also one with a mistake.
    if ((write === undefined && use.key !== 'share') || this.scopes[first] !== scope)
      this.uses.set(path, { range: use.keyRange, last: this.layers.length - 1 });
  }

  /** What writes out a use, as often as is wanted; undefined where it has a mistake. */
  private writerOf(
    use: Entry,
    { scope: where, stack }: { readonly scope: Scope | undefined; readonly stack: readonly string[] },
  ): Writer | undefined {
    const inside = (prefix: string, open: boolean, { scope, from }: Parameters<Writer>[1]): Scope => ({
      prefix,
      first: this.layers.length,
      open,
      ...(scope === undefined ? {} : { outer: scope }),
      ...(from === undefined ? {} : { from }),
    });
    if (use.key === 'share') return this.sharer(use, where);
    if (use.key === 'repeat') {
      const read = readRepeat(use, layerLimit, this.report);
      return (
        read &&
        ((path, at) => {
          for (let turn = 1; turn <= read.times; turn++)
            this.add(
              read.items,
              inside(`${path}.${turn}.`, true, { ...at, from: turn === 1 ? at.from : undefined }),
              stack,
            );
        })
      );
    }
    const items = fillIn(use, stack, this, this.state);
    return items && ((path, at) => this.add(items, inside(`${path}.`, false, at), [...stack, use.key]));
  }

  /** Writes out a layer or a use above once more, with the weights that it has. */
  private sharer({ value, keyRange }: Entry, scope: Scope | undefined): Writer | undefined {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') {
      this.report(
        'wrong-type',
        `\`share\` must be the name of a layer above, not ${describeNode(value)}.`,
        isNull(value) ? keyRange : value.range,
      );
      return undefined;
    }
    const name = `${scope?.prefix ?? ''}${value.value}`;
    const use = this.writers.get(name);
    if (use !== undefined) {
      return (path, at) => {
        const first = this.layers.length;
        use.write(path, at);
        for (let i = first; i < this.layers.length; i++) this.shares.set(i, use.first + i - first);
      };
    }
    const names = this.layers.map((layer, i) => {
      const given = entryOf(layer, 'name')?.value;
      return `${this.scopes[i]?.prefix ?? ''}${given?.kind === 'scalar' ? given.value : ''}`;
    });
    const original = names.indexOf(name);
    const layer = this.layers[original];
    if (layer?.kind === 'map')
      return (path, at) => this.pushShare(layer, original, { ...at, path, range: value.range });
    const known = [...names, ...this.writers.keys()]
      .filter((one) => one.startsWith(scope?.prefix ?? ''))
      .map((one) => one.slice(scope?.prefix.length ?? 0));
    const guess = nearestIn(this.state, value.value, known);
    const hint = this.named.has(value.value) ? `Put \`${shorten(value.value)}\` above it.` : undefined;
    this.report(
      'unknown-layer-name',
      `No layer above is named \`${shorten(value.value)}\`.`,
      value.range,
      hint ??
        (guess === undefined
          ? 'Give the layer a `name`: `- { dense: { units: 10 }, name: shared }`.'
          : `Did you mean \`${guess}\`?`),
    );
    return undefined;
  }

  private pushShare(
    layer: MapNode,
    original: number,
    { scope, from, path, range }: Parameters<Writer>[1] & { readonly path: string; readonly range: Range },
  ): void {
    const entry = (key: string, value: Node): Entry => ({ key, keyRange: value.range, value });
    const own = layer.entries.filter(({ key }) => !['name', 'from', 'share'].includes(key));
    const name: Node = { kind: 'scalar', value: path.slice(scope?.prefix.length ?? 0), range };
    this.shares.set(this.layers.length, original);
    this.push(
      { ...layer, entries: [...own, entry('name', name), ...(from === undefined ? [] : [entry('from', from)])] },
      scope,
    );
  }

  /** What an item uses, if it is not a layer. */
  private useIn(item: Node): Entry | undefined {
    if (item.kind === 'scalar' && typeof item.value === 'string') {
      const [name] = item.value.trim().split(/[\s(]/);
      if (!this.isBlock(name!)) return undefined;
      const words = item.value.trim() !== name;
      return {
        key: name!,
        keyRange: item.range,
        value: words ? item : { kind: 'scalar', value: null, range: item.range },
      };
    }
    if (item.kind !== 'map') return undefined;
    // Beside a type, `share` is a part of the full form.
    const sharing = item.entries.every(({ key }) => ['share', 'name', 'from'].includes(key));
    return item.entries.find(({ key }) => key === 'repeat' || (sharing && key === 'share') || this.isBlock(key));
  }

  /** `Dense` is a layer misspelt, unless a block is near. */
  private isBlock(name: string): boolean {
    if (this.blocks.has(name) || this.broken.has(name)) return true;
    if (
      findRow(layerTable, name) === undefined &&
      /^[a-z]/.test(name) &&
      this.blocks.has(`${name.charAt(0).toUpperCase()}${name.slice(1)}`)
    )
      return true;
    return (
      blockName.test(name) &&
      nearestIn(this.state, name, this.blocks.keys()) !== undefined &&
      nearest(name, namesOf(layerTable))?.toLowerCase() !== name.toLowerCase()
    );
  }

  private checkBeside(item: Node, use: Entry): boolean {
    this.used.add(use.key);
    const beside = item.kind === 'map' ? item.entries.filter((entry) => entry !== use) : [];
    for (const { key, keyRange, value } of beside) {
      if (key !== 'name' && key !== 'from') {
        const isParameter =
          this.blocks.get(use.key)?.parameters.has(key) ?? (use.key === 'repeat' && ['times', 'layers'].includes(key));
        if (isParameter)
          this.report(
            'misplaced-option',
            `\`${key}\` stands beside \`${use.key}\`, but belongs in it.`,
            keyRange,
            `Indent \`${key}\` further than \`${use.key}\`.`,
          );
        else
          this.report(
            'unknown-key',
            `\`${shorten(key)}\` is not known beside \`${use.key}\`.`,
            keyRange,
            findRow(layerTable, key) === undefined
              ? `Beside \`${use.key}\` may stand ${listNames(['name', 'from'])}.`
              : `Give \`${key}\` a list item of its own: \`- ${key}: ...\`.`,
          );
        return false;
      }
      const fits =
        key === 'name'
          ? value.kind === 'scalar' && isLayerName(String(value.value))
          : (value.kind === 'list' ? value.items : [value]).every(
              (one) => one.kind === 'scalar' && typeof one.value === 'string',
            );
      if (fits) continue;
      const guess = key === 'name' && value.kind === 'scalar' ? suggestLayerName(String(value.value)) : undefined;
      this.report(
        'wrong-type',
        key === 'name'
          ? '`name` must be a name of up to 100 letters, digits, `_`, ' +
              `\`.\` or \`-\` that starts with a letter, not ${describeNode(value)}.`
          : `\`from\` must be the name of a layer or a list of names, not ${describeNode(value)}.`,
        isNull(value) ? keyRange : value.range,
        guess === undefined ? undefined : `Did you mean \`${guess}\`?`,
      );
      return false;
    }
    return true;
  }

  private nameOf(
    item: Node,
    key: string,
    {
      scope,
      taken,
      counts,
    }: {
      readonly scope: Scope | undefined;
      readonly taken: ReadonlySet<unknown>;
      readonly counts: Map<string, number>;
    },
  ): string {
    const given = entryOf(item, 'name')?.value;
    if (given?.kind === 'scalar') {
      if (!this.uses.has(`${scope?.prefix ?? ''}${given.value}`)) return String(given.value);
      this.report(
        'duplicate-name',
        `Two layers have the name \`${given.value}\`.`,
        given.range,
        'The name of a layer must be its own.',
      );
    }
    let n = (counts.get(key) ?? 0) + 1;
    while (taken.has(`${key}_${n}`)) n++;
    counts.set(key, n);
    return `${key}_${n}`;
  }

  private push(layer: Node, scope: Scope | undefined): void {
    if (this.layers.length >= layerLimit) {
      this.overflown = true;
      const model =
        scope === undefined ? 'The model has' : 'With its blocks and repetitions written out the model would have';
      this.report('too-many-layers', `${model} more than ${showCount(layerLimit)} layers.`, layer.range);
      this.state.reported.add(layer);
    }
    this.layers.push(layer);
    this.scopes.push(scope);
  }

  private pushReported(item: Node, scope: Scope | undefined): void {
    const marked = { ...item };
    this.state.reported.add(marked);
    this.push(marked, scope);
  }
}

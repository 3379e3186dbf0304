import { modelInput } from '../pipeline.ts';
import { type ListNode, type Node, type ScalarNode, entryOf, replaceAt } from '../syntax/source-tree.ts';
import type { Scope, Unfolded } from './write-out-blocks.ts';

/**
 * Turns what layers in blocks name in `from` into full names, and the names of uses into those of their last layers. A
 * layer that begins a use takes what the use takes. Names that nothing has stay, for connecting to complain about.
 *
 * @param layers named
 */
export function resolveSources(layers: readonly Node[], { scopes, uses }: Unfolded): readonly Node[] {
  return uses.size === 0 ? layers : new Resolver(layers, { scopes, uses }).all();
}

/**
 * Turns the name of a use that an output names, or is named like, into that of its last layer.
 *
 * @param layers named
 * @param train the section
 */
export function resolveOutputs(train: Node, layers: readonly Node[], { uses }: Unfolded): Node {
  const outputs = entryOf(train, 'outputs')?.value;
  if (outputs?.kind !== 'map') return train;
  const entries = outputs.entries.map((output) => {
    const given = entryOf(output.value, 'layer');
    const written = given?.value.kind === 'scalar' ? given.value.value : undefined;
    const name = given === undefined ? output.key : written;
    const last = entryOf(layers[uses.get(String(name))?.last ?? -1], 'name')?.value;
    if (output.value.kind !== 'map' || last?.kind !== 'scalar') return output;
    const value = { ...last, range: given?.value.range ?? output.keyRange };
    const others = output.value.entries.filter((entry) => entry !== given);
    return {
      ...output,
      value: {
        ...output.value,
        entries: [...others, { key: 'layer', keyRange: given?.keyRange ?? output.keyRange, value }],
      },
    };
  });
  return replaceAt(train, ['outputs'], { ...outputs, entries });
}

class Resolver {
  private readonly layers: readonly Node[];
  private readonly scopes: Unfolded['scopes'];
  private readonly uses: Unfolded['uses'];
  private readonly names: readonly (string | undefined)[];
  private readonly known: ReadonlySet<string | undefined>;

  constructor(layers: readonly Node[], { scopes, uses }: Pick<Unfolded, 'scopes' | 'uses'>) {
    [this.layers, this.scopes, this.uses] = [layers, scopes, uses];
    this.names = layers.map((layer) => {
      const name = entryOf(layer, 'name')?.value;
      return name?.kind === 'scalar' ? String(name.value) : undefined;
    });
    this.known = new Set([...this.names, ...uses.keys()]);
  }

  all(): readonly Node[] {
    return this.layers.map((layer, index) => {
      const scope = this.scopes[index];
      const from = entryOf(layer, 'from')?.value;
      if (from !== undefined) return replaceAt(layer, ['from'], this.resolve(from, scope));
      if (layer.kind !== 'map' || scope?.first !== index || !takesGiven(scope)) return layer;
      const input = this.inputOf(scope, layer.range);
      return {
        ...layer,
        entries: [
          ...layer.entries,
          { key: 'from', keyRange: layer.range, value: input.length === 1 ? input[0]! : listOf(input, layer) },
        ],
      };
    });
  }

  private resolve(from: Node, scope: Scope | undefined): Node {
    const items = from.kind === 'list' ? from.items : [from];
    const resolved = items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? this.resolveName(item, item.value, scope) : [item],
    );
    return from.kind === 'list' || resolved.length !== 1 ? listOf(resolved, from) : resolved[0]!;
  }

  private resolveName(item: ScalarNode, name: string, scope: Scope | undefined): readonly Node[] {
    if (name === modelInput) return scope === undefined ? [item] : this.inputOf(scope, item.range);
    const full = `${scope?.prefix ?? ''}${name}`;
    if (scope?.open === true && !this.known.has(full)) return this.resolveName(item, name, scope.outer);
    const use = this.uses.get(full);
    const value = use === undefined ? full : (this.names[use.last] ?? full);
    return [{ kind: 'scalar', value, range: item.range }];
  }

  /** What a use takes: what its `from` says, else what comes before it. */
  private inputOf(scope: Scope, range: Node['range']): readonly Node[] {
    if (scope.from !== undefined) {
      const given = this.resolve(scope.from, scope.outer);
      return given.kind === 'list' ? given.items : [given];
    }
    if (scope.outer?.first === scope.first) return this.inputOf(scope.outer, range);
    return [
      { kind: 'scalar', value: scope.first === 0 ? modelInput : (this.names[scope.first - 1] ?? modelInput), range },
    ];
  }
}

/** Whether a use, or one that begins with it, says what it takes. */
function takesGiven(scope: Scope): boolean {
  return scope.from !== undefined || (scope.outer?.first === scope.first && takesGiven(scope.outer));
}

function listOf(items: readonly Node[], { range }: Node): ListNode {
  return { kind: 'list', items, range };
}

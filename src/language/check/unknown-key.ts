import { type Diagnostic, mistake } from '../../base/diagnostics.ts';
import { leftOutReason } from '../../layers/unsupported.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { ofOneOutput } from '../schema/pipeline-schema.ts';
import { type SchemaView, type Tables, branchesFor, itemSchema, propertySchema } from '../schema/schema-view.ts';
import { CHOICE } from '../../base/row.ts';
import { shorten } from '../../base/shorten.ts';
import { type Node, type Path, entryOf, keyRangeAt, nodesAlong } from '../syntax/source-tree.ts';

/** A pipeline file, and what may stand in it. */
interface File {
  readonly root: Node;
  /** Of the whole file. */
  readonly schema: SchemaView;
  readonly tables: Tables;
}

/**
 * The diagnostic of a key that is not known where it stands. It may be misspelt, or belong elsewhere: beside one of
 * the maps around it, or below another section.
 *
 * @param path of the map that holds the key @param here that map's schema
 */
export function explainUnknownKey(file: File, path: Path, here: SchemaView, key: string): Diagnostic {
  const parent = path.findLast((step) => typeof step === 'string');
  const kind = file.schema.title?.replace('Layerline ', '') ?? 'pipeline';
  const message = `There is no \`${shorten(key)}\` in ${parent === undefined ? `a ${kind} file` : `\`${parent}\``}.`;
  return mistake('unknown-key', message, keyRangeAt(file.root, [...path, key]), hintForKey(file, path, here, key));
}

function hintForKey(file: File, path: Path, here: SchemaView, key: string): string {
  if (key === '<<') return noMergeKeys;
  const known = Object.keys(here.properties ?? {});
  if (known.includes('outputs') && ofOneOutput.includes(key))
    return (
      `With \`outputs\` each output has its own \`${key}\`. ` +
      `A file with \`extends\` takes that of its base away with \`${key}: null\`.`
    );
  const guess = nearest(key, known);
  const spelling = guess !== undefined && guess.toLowerCase() === key.toLowerCase().replaceAll(/[-_]/g, '');
  const elsewhere = spelling ? undefined : (findAround(file, path, key) ?? findBelow(file, key));
  const reason = elsewhere ?? leftOutReason('option', key);
  if (reason !== undefined) return reason;
  if (guess !== undefined) return `Did you mean \`${guess}\`?`;
  if (here.patternProperties !== undefined && here.description !== undefined) return here.description;
  return known.length === 0 ? 'It takes no options.' : `Known here: ${listNames(known)}.`;
}

/** Tools that read YAML 1.1 know such keys. */
const noMergeKeys =
  'YAML 1.2 has no merge keys: write the keys out. Whole files are merged by `extends`, ' +
  'and layers repeated by `blocks`.';

/** A map around the key's that takes it: the key is indented too far. Where it has it, the key stands twice. */
function findAround({ root, schema, tables }: File, path: Path, key: string): string | undefined {
  const schemas = schemasAlong(root, schema, path);
  const nodes = nodesAlong(root, path);
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const [around, node, inside] = [schemas[depth], nodes[depth]?.node, path[depth]];
    if (around === undefined || !Object.hasOwn(around.properties ?? {}, key)) continue;
    if (isWritten(node, key)) return `\`${key}\` stands beside \`${inside}\` already: take it out here.`;
    if (takes(around, node, { key, tables })) return `\`${key}\` belongs beside \`${inside}\`, not inside it.`;
  }
  return undefined;
}

/** A section that takes the key, or has it, nearest to the top. */
function findBelow({ root, schema, tables }: File, key: string): string | undefined {
  const queue: { schema: SchemaView; node: Node | undefined; path: readonly string[] }[] = [
    { schema, node: root, path: [] },
  ];
  for (const { schema: one, node, path } of queue) {
    const place = path.join('.');
    if (path.length > 0 && Object.hasOwn(one.properties ?? {}, key)) {
      if (isWritten(node, key)) return `\`${key}\` stands in \`${place}\` already: take it out here.`;
      if (takes(one, node, { key, tables })) return `\`${key}\` belongs in \`${place}\`.`;
    }
    for (const [name, property] of Object.entries(one.properties ?? {})) {
      const value = entryOf(node, name)?.value;
      // Of a choice that is made, the other rows are not there to take anything.
      if (value === undefined && isChosen(one, node)) continue;
      queue.push({ schema: property, node: value, path: [...path, name] });
    }
  }
  return undefined;
}

const isChosen = (schema: SchemaView, node: Node | undefined) => schema[CHOICE] !== undefined && node !== undefined;

/** Whether a map whose schema has a key may be given it: it is no second row of a choice. */
function takes(
  schema: SchemaView,
  node: Node | undefined,
  { key, tables }: { readonly key: string; readonly tables: Tables },
): boolean {
  return !(isChosen(schema, node) && Object.hasOwn(tables[schema[CHOICE]!]!, key));
}

/** Whether a map has a key that is neither a default nor a name that was made up for its first one. */
function isWritten(node: Node | undefined, key: string): boolean {
  const entry = entryOf(node, key);
  if (entry === undefined || entry.isDefault === true || node?.kind !== 'map') return false;
  const [first] = node.entries;
  return entry === first || entry.keyRange !== first!.keyRange;
}

function schemasAlong(root: Node, schema: SchemaView, path: Path): readonly (SchemaView | undefined)[] {
  const nodes = nodesAlong(root, path);
  const found: (SchemaView | undefined)[] = [schema];
  path.forEach((step, depth) => {
    const branch = found[depth] === undefined ? undefined : branchesFor(found[depth], nodes[depth]!.node)[0];
    if (branch === undefined) found.push(undefined);
    else found.push(typeof step === 'string' ? propertySchema(branch, step) : itemSchema(branch, step));
  });
  return found;
}

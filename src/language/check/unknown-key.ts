import { type Diagnostic, mistake } from '../../base/diagnostics.ts';
import { leftOutReason } from '../../layers/unsupported.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { ofOneOutput } from '../schema/pipeline-schema.ts';
import { type SchemaView, branchesFor, itemSchema, propertySchema } from '../schema/schema-view.ts';
import { shorten } from '../../base/shorten.ts';
import { type Node, type Path, keyRangeAt, nodesAlong } from '../syntax/source-tree.ts';

/**
 * The diagnostic of a key that is not known where it stands. It may be misspelt, or belong elsewhere: beside one of
 * the maps around it, or below another section.
 *
 * @param schema of the whole file @param path of the map that holds the key @param here that map's schema
 */
export function explainUnknownKey(
  root: Node,
  schema: SchemaView,
  path: Path,
  here: SchemaView,
  key: string,
): Diagnostic {
  const parent = path.findLast((step) => typeof step === 'string');
  const message = `There is no \`${shorten(key)}\` in ${parent === undefined ? 'a pipeline file' : `\`${parent}\``}.`;
  return mistake('unknown-key', message, keyRangeAt(root, [...path, key]), hintForKey(root, schema, path, here, key));
}

function hintForKey(root: Node, schema: SchemaView, path: Path, here: SchemaView, key: string): string {
  if (key === '<<') return noMergeKeys;
  const known = Object.keys(here.properties ?? {});
  if (known.includes('outputs') && ofOneOutput.includes(key))
    return (
      `With \`outputs\` each output has its own \`${key}\`. ` +
      `A file with \`extends\` takes that of its base away with \`${key}: null\`.`
    );
  const guess = nearest(key, known);
  const spelling = guess !== undefined && guess.toLowerCase() === key.toLowerCase().replaceAll(/[-_]/g, '');
  const elsewhere = spelling ? undefined : (findAround(root, schema, path, key) ?? findBelow(schema, key));
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

/** A map around the key's that knows it: the key is indented too far. */
function findAround(root: Node, schema: SchemaView, path: Path, key: string): string | undefined {
  const schemas = schemasAlong(root, schema, path);
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const properties = schemas[depth]?.properties;
    if (properties === undefined || !Object.hasOwn(properties, key)) continue;
    const inside = path[depth];
    return `\`${key}\` belongs beside \`${inside}\`, not inside it.`;
  }
  return undefined;
}

/** A section that knows the key, nearest to the top. */
function findBelow(schema: SchemaView, key: string): string | undefined {
  const queue: { schema: SchemaView; path: readonly string[] }[] = [{ schema, path: [] }];
  for (const { schema: one, path } of queue) {
    const properties = one.properties ?? {};
    if (path.length > 0 && Object.hasOwn(properties, key)) return `\`${key}\` belongs in \`${path.join('.')}\`.`;
    for (const [name, property] of Object.entries(properties)) queue.push({ schema: property, path: [...path, name] });
  }
  return undefined;
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

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { isMisfit } from '../../src/base/row.ts';
import { type Shape, sizeOf } from '../../src/base/tensor-shape.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { numbers } from '../engine/graph/rig.ts';

/** A net to train, of the layers of one family that take inputs of one shape. */
export interface FamilyNet {
  readonly title: string;
  /** Its types; each is a branch of the net. */
  readonly types: readonly string[];
  /** The content of `data.npz`, and the pipeline that learns from it. */
  readonly data: Uint8Array;
  readonly text: string;
}

/** A layer as the example of its row is, for an input that it takes. */
interface Member {
  readonly type: string;
  readonly family: string;
  readonly shape: Shape;
  readonly output: Shape;
  /** How many indices it reads; undefined where it takes numbers. */
  readonly indices: number | undefined;
  readonly noOnnx: string | undefined;
}

// The smallest that the examples of the rows take, of each number of axes; larger ones where some take none of these.
const shapes = [[8], [1], [784], [6, 8], [8, 8, 8], [32, 32, 3], [4, 8, 8, 8]];

/**
 * Nets of all layers that there are: one for each file of the tables and each number of axes that layers of it take.
 * What ONNX does not have is apart, as a net with it has no graph there.
 */
export async function familyNets(): Promise<readonly FamilyNet[]> {
  const families = await readFamilies();
  const groups = new Map<string, Member[]>();
  for (const [type, row] of Object.entries<LayerRow>(layers))
    for (const member of membersOf(type, row, families.get(row) ?? 'wrappers')) {
      const { family, shape, indices, noOnnx } = member;
      const kind = indices === undefined ? [] : ['of indices'];
      const title = [`${family} ${shape.join('x')}`, ...kind, ...(noOnnx === undefined ? [] : ['not in ONNX'])].join(
        ' ',
      );
      groups.set(title, [...(groups.get(title) ?? []), member]);
    }
  return [...groups].map(([title, members]) => netOf(title, members));
}

/** The file of each row, but of wrappers, which are made of other rows. */
async function readFamilies(): Promise<ReadonlyMap<unknown, string>> {
  const folder = join(import.meta.dirname, '../../src/layers');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'layers.ts');
  const found = new Map<unknown, string>();
  for (const file of files) {
    const tables = Object.values((await import(join(folder, file))) as Readonly<Record<string, unknown>>);
    const rows = new Set(tables.flatMap((table) => (typeof table === 'object' && table ? Object.values(table) : [])));
    for (const row of Object.values(layers)) if (rows.has(row)) found.set(row, basename(file, '.ts'));
  }
  return found;
}

/** For each number of axes, the first shape that fits; of more than two only where it takes no fewer. */
function membersOf(type: string, row: LayerRow, family: string): readonly Member[] {
  const { options } = exampleLayer(row);
  const known = options as never;
  const about = { type, family, indices: row.readsIndices?.(known), noOnnx: row.noOnnx?.(known) };
  const fitting = shapes.flatMap((shape) => {
    const output = row.outputShape(shape, known, row.merges === true ? [shape, shape] : [shape]);
    return isMisfit(output) ? [] : [{ ...about, shape, output }];
  });
  const axesOf = ({ shape }: Member) => shape.length;
  return fitting.filter(
    (member, k) =>
      fitting.findIndex((one) => axesOf(one) === axesOf(member)) === k &&
      (axesOf(member) < 3 || axesOf(fitting[0]!) === axesOf(member)),
  );
}

const samples = 60;

/** Each layer by itself reads the input, and a last one all of them; what merges reads a second layer too. */
function netOf(title: string, members: readonly Member[]): FamilyNet {
  const { shape } = members[0]!;
  const merges = members.some(({ type }) => takesTwo(type));
  const other = { dense: { units: shape.at(-1)! }, name: 'other', from: 'input' };
  const branches = members.flatMap(({ type, output }, k) => {
    const { from: _, ...example } = parse((layers as Readonly<Record<string, LayerRow>>)[type]!.example) as {
      readonly from?: unknown;
    };
    const sources = takesTwo(type) ? ['input', 'other'] : 'input';
    const flat = output.length === 1 ? [] : [{ flatten: {}, name: `flat_${k}` }];
    return [{ ...example, name: `layer_${k}`, from: sources }, ...flat];
  });
  const ends = members.map(({ output }, k) => (output.length === 1 ? `layer_${k}` : `flat_${k}`));
  const indices = Math.min(...members.map((member) => member.indices ?? Number.POSITIVE_INFINITY));
  const all = numbers(samples * sizeOf(shape), 5);
  const x = Number.isFinite(indices)
    ? { dtype: 'int32' as const, values: Int32Array.from(all, (value) => Math.floor(((value + 1) / 2) * indices)) }
    : // As if there were no step, of some: layers that make masks read zeros.
      {
        dtype: 'float32' as const,
        values: all.map((value, i) => (Math.floor(i / shape.at(-1)!) % 7 === 3 ? 0 : 2 * value)),
      };
  const pipeline = {
    name: title,
    seed: 3,
    data: {
      source: { npz: { file: 'data.npz', inputs: ['input'], targets: { kind: 'fromData' }, test: 0.2 } },
      split: { validation: 8 },
    },
    model: {
      layers: [
        ...(merges ? [other] : []),
        ...branches,
        ...(ends.length === 1 ? [] : [{ concatenate: {}, name: 'all', from: ends }]),
        { dense: { units: 3 } },
      ],
    },
    train: { optimizer: 'adam(0.01)', loss: 'softmaxCrossEntropy', epochs: 2, batchSize: 10 },
    visualize: { figures: [] },
  };
  return {
    title,
    types: members.map(({ type }) => type),
    data: writeNpz([
      { name: 'input', shape: [samples, ...shape], ...x },
      { name: 'kind', shape: [samples], dtype: 'int32', values: Int32Array.from({ length: samples }, (_, i) => i % 3) },
    ]),
    text: stringify(pipeline),
  };
}

const takesTwo = (type: string) => (layers as Readonly<Record<string, LayerRow>>)[type]!.merges === true;

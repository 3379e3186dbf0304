import { join, resolve } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import { type AskedPictures, tableOfPictures } from '../tables/asked-table.ts';
import type { AskedRow, ClassTarget, InputSpec, RowReader, TargetSpec, TrainedOn, Values } from '../dataset.ts';
import { pictureEncoder } from './encode-picture.ts';
import { type Tensor, asked, fits, labelOf, unknownLabel, valuesOf } from '../given-values.ts';
import { parseIdx } from './idx-files.ts';
import { listPictures, listSubfolders } from './list-pictures.ts';
import { parseNpy } from '../arrays/npy.ts';
import { type Later, valuesOfFile } from './picture-file.ts';
import { formatOf } from './picture-head.ts';
import { isPng } from './png-header.ts';
import type { Preparation } from './prepare-picture.ts';
import { readAhead } from './read-ahead.ts';
import { readWhole } from '../files/read-bytes.ts';

/**
 * What a model is asked by whose inputs are pictures: each a file, or its values as numbers.
 *
 * @param preparation what was done to the files that it was trained on
 * @param columns those of a table of pictures, where it was trained on one
 */
export function pictureRows(
  { inputs, targets }: TrainedOn,
  preparation: Preparation = {},
  columns?: Pick<AskedPictures, 'path' | 'label'>,
): RowReader {
  const names = inputs.map(({ name }) => name);
  const [input] = inputs as [InputSpec];
  const isOne = inputs.length === 1;
  const size = formatShape(input.shape);
  const taken = preparation.resize === undefined ? `of ${size} (${formats})` : `(${formats}), brought to ${size}`;
  const labelled = targets.length === 1 ? classOf(targets[0]!) : undefined;
  const decode = (bytes: Uint8Array, one: InputSpec, name: string) =>
    valuesOfFile(bytes, name, { input: one, preparation });
  const encoder = pictureEncoder<Later>(
    { inputs, targets },
    {
      // Values may begin as a JPEG file does by chance, and then are as many as there have to be.
      isFile: (bytes, { shape }) => isPng(bytes) || (bytes.length !== sizeOf(shape) && formatOf(bytes) !== undefined),
      decode,
    },
  );
  const encode: RowReader['encode'] = (row, where, folder) => {
    const { x, ...labels } = encoder(
      row,
      where,
      folder === undefined ? undefined : (path) => readWhole({ path: resolve(folder, path) }),
    );
    return { ...settled(x), ...labels };
  };
  if (!isOne) {
    const line = JSON.stringify(Object.fromEntries(names.map((name) => [name, `${name}.png`])));
    return {
      kind: 'pictures',
      takes: `pictures ${taken} for each of ${names.join(' and ')}, in lines of JSON such as ${line}`,
      encode,
      files: {},
    };
  }
  const file = (path: string, folder?: string, later?: Later): AskedRow =>
    asked({ file: path }, () => {
      return {
        ...settled([later ?? decode(readWhole({ path }), input, path)]),
        ...(folder !== undefined && fromFolder(path, folder)),
      };
    });
  const fromFolder = (path: string, name: string): Pick<AskedRow, 'actual' | 'fault'> =>
    labelled!.classes.includes(name)
      ? { actual: [labelOf(labelled!, name, path)] }
      : { fault: unknownLabel(labelled!, name, path).diagnostics[0]! };
  const slices = function* (file: string, { shape, values }: Tensor): Generator<AskedRow> {
    const [count = 0, ...each] = shape;
    if (!fits(each, input.shape))
      throw failure(
        'wrong-shape',
        `${file}: expected COUNT x ${size}, got ${formatShape(shape)}`,
        'Give pictures of the shape that the model was trained on.',
      );
    const length = sizeOf(each);
    for (let index = 0; index < count; index++)
      yield asked({ file, index }, () => {
        const picture = { shape: each, values: values.subarray(index * length, (index + 1) * length) };
        return { x: [valuesOf(picture, input, `${file}[${index}]`)] };
      });
  };
  return {
    kind: 'pictures',
    takes: `pictures ${taken}`,
    anySize: preparation.resize !== undefined,
    encode,
    files: {
      *png(name, bytes) {
        yield asked({ file: name }, () => settled([decode(bytes, input, name)]));
      },
      *npy(name, bytes) {
        const tensor = parseNpy(name, bytes);
        if (fits(tensor.shape, input.shape))
          yield asked({ file: name }, () => ({ x: [valuesOf(tensor, input, name)] }));
        else yield* slices(name, tensor);
      },
      *idx(name, bytes) {
        const { sizes, data } = parseIdx({ path: name }, bytes, [3, 4]);
        yield* slices(name, { shape: sizes, values: data });
      },
      ...(columns && {
        csv: (name: string, bytes: Uint8Array) =>
          tableOfPictures(name, bytes, {
            ...columns,
            targets,
            read: (path) => settled([decode(readWhole({ path }), input, path)]),
          }),
      }),
    },
    *folder(path) {
      const { names: below, beside } = listSubfolders(path);
      // Folders of classes hold what is right.
      const areClasses = labelled !== undefined && below.some((name) => labelled.classes.includes(name));
      const found = [
        ...(beside.length > 0 || below.length === 0 ? [[path, undefined] as const] : []),
        ...below.map((name) => [join(path, name), areClasses ? name : undefined] as const),
      ].flatMap(([folder, label]) => picturesIn(folder, folder === path).map((picture) => ({ picture, label })));
      if (found.length === 0) listPictures(path);
      const paths = found.map(({ picture }) => picture);
      const thread = readAhead(paths, { input, preparation });
      try {
        for (const [at, { picture, label }] of found.entries())
          yield file(picture, label, thread && (() => thread.values(at)));
      } finally {
        thread?.close();
      }
    },
  };
}

const formats = 'PNG, JPEG, WebP, TIFF or GIF';

function settled(x: readonly (Values | Later)[]): Pick<AskedRow, 'x' | 'decode'> {
  const now = x.filter((one) => typeof one !== 'function');
  if (now.length === x.length) return { x: now };
  return { decode: () => Promise.all(x.map(async (one) => (typeof one === 'function' ? one() : one))) };
}

/** @param isOnly whether it must have some */
function picturesIn(folder: string, isOnly: boolean): readonly string[] {
  try {
    return listPictures(folder).pictures;
  } catch (error) {
    if (!isOnly && error instanceof UserError && error.diagnostics[0]!.code === 'no-pictures') return [];
    throw error;
  }
}

const classOf = (target: TargetSpec): ClassTarget | undefined =>
  target.kind === 'class' && target.shape.length === 0 ? target : undefined;

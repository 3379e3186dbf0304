import { join, resolve } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import type { AskedRow, ClassTarget, InputSpec, RowReader, TargetSpec, TrainedOn } from './dataset.ts';
import { pictureEncoder, pictureFrom } from './encode-picture.ts';
import { type Tensor, asked, fits, labelOf, unknownLabel, valuesOf } from './given-values.ts';
import { parseIdx } from './idx-files.ts';
import { listPngFiles, listSubfolders } from './list-pictures.ts';
import { parseNpy } from './npy.ts';
import { readWhole } from './read-bytes.ts';

/** What a model is asked by whose inputs are pictures: each a PNG file, or its bytes as numbers. */
export function pictureRows({ inputs, targets }: TrainedOn): RowReader {
  const names = inputs.map(({ name }) => name);
  const [input] = inputs as [InputSpec];
  const isOne = inputs.length === 1;
  const size = formatShape(input.shape);
  const labelled = targets.length === 1 ? classOf(targets[0]!) : undefined;
  const encoder = pictureEncoder({ inputs, targets });
  const encode: RowReader['encode'] = (row, where, folder) =>
    encoder(row, where, folder === undefined ? undefined : (path) => readWhole({ path: resolve(folder, path) }));
  if (!isOne)
    return {
      kind: 'pictures',
      takes: `pictures of ${size} for each of ${names.join(' and ')}, in lines of JSON`,
      encode,
      files: {},
    };
  const file = (path: string, folder?: string): AskedRow =>
    asked({ file: path }, () => {
      return {
        x: [pictureFrom(readWhole({ path }), input, path)],
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
    takes: `pictures of ${size} (PNG)`,
    encode,
    files: {
      *png(name, bytes) {
        yield asked({ file: name }, () => ({ x: [pictureFrom(bytes, input, name)] }));
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
    },
    *folder(path) {
      const { names: below, beside } = listSubfolders(path);
      // Folders of classes hold what is right.
      const areClasses = labelled !== undefined && below.some((name) => labelled.classes.includes(name));
      let found = 0;
      for (const [folder, label] of [
        ...(beside.length > 0 || below.length === 0 ? [[path, undefined] as const] : []),
        ...below.map((name) => [join(path, name), areClasses ? name : undefined] as const),
      ])
        for (const picture of picturesIn(folder, folder === path)) {
          found++;
          yield file(picture, label);
        }
      if (found === 0) listPngFiles(path);
    },
  };
}

/** @param isOnly whether it must have some */
function picturesIn(folder: string, isOnly: boolean): readonly string[] {
  try {
    return listPngFiles(folder).pictures;
  } catch (error) {
    if (!isOnly && error instanceof UserError && error.diagnostics[0]!.code === 'no-pictures') return [];
    throw error;
  }
}

const classOf = (target: TargetSpec): ClassTarget | undefined =>
  target.kind === 'class' && target.shape.length === 0 ? target : undefined;

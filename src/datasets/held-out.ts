import { join } from 'node:path';
import { failure, misuse } from '../base/diagnostics.ts';
import { type Formed, either, hasForm, list, number, object, record, such, text } from '../base/json-form.ts';
import type { Chosen } from '../base/row.ts';
import { type InParts, inTurns } from '../base/turns.ts';
import { widthOf } from './batches.ts';
import { columnOf } from './csv-cells.ts';
import type { CsvOptions } from './csv-options.ts';
import { readCsv } from './csv-table.ts';
import type { DataFile } from './data-file.ts';
import type { ClassTarget, InputSpec, Samples, TargetSpec } from './dataset.ts';
import { readClasses, samplesOf } from './images.ts';
import { listPngFiles, listSubfolders } from './list-pictures.ts';
import { folderFile } from './png-files.ts';
import type { PictureShape } from './png-header.ts';

/** What a model takes and predicts, and how its inputs were made of the files. */
export interface Prepared {
  readonly inputs: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
  readonly preparation?: Readonly<Record<string, unknown>>;
}

/** Samples with what is right of them, that no training has seen. */
export interface HeldOut {
  readonly samples: Samples;
  readonly files: readonly DataFile[];
}

/**
 * Reads samples from another file or folder than those of a training, and prepares them as that was: nothing is fitted
 * to them.
 *
 * @param source the data set of the training
 * @throws UserError where it cannot be read, does not have what the model takes or what is right, or the data set is of
 * a kind that has no such files
 */
export async function readHeldOut(
  { type, options }: Chosen,
  path: string,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<HeldOut> {
  if (type === 'csv') return inTurns(readTable(options as CsvOptions, path, prepared), signal);
  if (type === 'images') return readFolders(path, prepared, signal);
  throw misuse(
    'no-other-data',
    `the model was trained on \`${type}\`, which --data can take no other files for`,
    'Of csv it takes a file, of images a folder; or evaluate the own data of the run: leave --data out.',
  );
}

const columnForm = either(
  object({ column: text(), categories: list(text()) }),
  object({ column: text(), mean: number, deviation: such(number, (value) => value > 0) }),
);
const preparationForm = record(list(columnForm));

function codeOf(columns: readonly Formed<typeof columnForm>[]): readonly number[] {
  return columns.map((one) => ('categories' in one ? one.categories.length : 0));
}

function* readTable(
  { delimiter, decimal }: CsvOptions,
  path: string,
  { inputs, targets, preparation }: Prepared,
): InParts<HeldOut> {
  const isFitting =
    hasForm(preparationForm, preparation) &&
    inputs.every(({ name, shape }) => widthOf(codeOf(preparation[name] ?? [])) === shape[0]);
  if (!isFitting)
    throw failure(
      'model-damaged',
      'model.json does not say how the columns of its table were prepared',
      'Take it from the run again, or train the model anew.',
    );
  const table = yield* readCsv({ path }, delimiter, decimal);
  const values: Float32Array[] = [];
  for (const { name } of inputs) {
    const columns = preparation[name]!;
    const ofInput = new Float32Array(table.count * columns.length);
    for (const [place, one] of columns.entries()) {
      const { mean, deviation } = 'categories' in one ? { mean: 0, deviation: 1 } : one;
      const read = yield* columnOf(table, one.column, 'categories' in one ? one.categories : undefined);
      for (let row = 0; row < table.count; row++)
        ofInput[row * columns.length + place] = (read[row]! - mean) / deviation;
    }
    values.push(ofInput);
  }
  const right: (Uint8Array | Float64Array)[] = [];
  for (const target of targets) {
    const isClass = target.kind === 'class';
    const read = yield* columnOf(table, target.name, isClass ? target.classes : undefined);
    right.push(isClass ? Uint8Array.from(read) : read);
  }
  const coded = inputs.map(({ name }) => {
    const code = codeOf(preparation[name]!);
    return code.some((categories) => categories > 0) ? code : undefined;
  });
  return { samples: { inputs: values, targets: right, count: table.count, coded }, files: [table.file] };
}

async function readFolders(path: string, { inputs, targets }: Prepared, signal: AbortSignal): Promise<HeldOut> {
  const { classes } = targets[0] as ClassTarget;
  const { names } = listSubfolders(path);
  const unknown = names.find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw failure(
      'class-folders-differ',
      `${path} has the sub-folder \`${unknown}\`, which is no class of the model`,
      `It has a folder for each class: ${classes.slice(0, 20).join(', ')}.`,
    );
  const paths = classes.map((name) => (names.includes(name) ? listPngFiles(join(path, name)).pictures : []));
  if (paths.flat().length === 0)
    throw failure('no-pictures', `${path} has no pictures`, 'Each class has a sub-folder of its own, named like it.');
  const pictures = await readClasses(paths, inputs[0]!.shape as PictureShape, signal);
  return { samples: samplesOf(pictures), files: [folderFile('images', pictures.flat())] };
}

import type { Static } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import { firstRows } from '../batch-source.ts';
import { type ArrayFile, fileSource, memorySource, npyArrays, npzArrays } from './array-files.ts';
import { npyFace, npzFace } from './array-options.ts';
import {
  type ArrayOptions,
  type ArrayTarget,
  type At,
  type FoundArrays,
  arraysOf,
  bytesIn,
  inputValues,
  findArrays,
  specOf,
} from './array-parts.ts';
import { openArrays, packable, splitAt } from './array-pieces.ts';
import { arrayRows } from './array-rows.ts';
import { type PartValues, classesIn, joinedValues, labelsOf, readLabels, readPart, rowsOf } from './array-samples.ts';
import { type DataFile, type DataFileOption, type DataPlace, locate, nameOf } from '../files/data-file.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import {
  type Dataset,
  type DatasetSpec,
  type Division,
  type Labels,
  type Samples,
  defineDataset,
  orMisfit,
} from '../dataset.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import { findTables, listOfFiles } from '../tables/find-tables.ts';
import { proveOrder } from '../tables/from-data.ts';
import { filesAmong, joinedArrays, spotIn } from './joined-arrays.ts';
import { type ListedSources, namesOfFiles } from '../listed-sources.ts';
import { isTexts } from './npy.ts';
import type { PieceMaker } from '../pieces.ts';
import { readBytes } from '../files/read-bytes.ts';
import type { SplitOptions } from '../splits/split.ts';
import { chooseRows, stratifiedBy } from '../splits/split-samples.ts';
import type { IndexFacts } from '../index-facts.ts';
import type { ByteSource } from '../files/zip-members.ts';

const ofNpz: NamedArrays<Static<typeof npzFace.options>> = {
  named: ({ file }) => listOfFiles(file),
  places: ({ file }, folder) => findTables(file, folder).map((place) => ({ array: '', place, listed: place.listed })),
};

const ofNpy: NamedArrays<Static<typeof npyFace.options>> = {
  named: ({ files }) => Object.values(files),
  places: ({ files }, folder) =>
    Object.entries(files).map(([array, file]) => ({ array, place: locate(file, folder), listed: 0 })),
};

/** Arrays of NumPy in one file. */
export const npz = defineDataset({ ...npzFace, ...rowOfArrays('npz', ofNpz) });

/** Arrays of NumPy in a file each. */
export const npy = defineDataset({ ...npyFace, ...rowOfArrays('npy', ofNpy) });

/** The samples of `npz`, one by one. */
export const npzPieces = piecesOfArrays('npz', ofNpz);

/** The samples of `npy`, one by one. */
export const npyPieces = piecesOfArrays('npy', ofNpy);

/** A file of arrays. */
interface ArrayPlace {
  /** The name of its array, `''` where it holds many. */
  readonly array: string;
  readonly place: DataPlace;
  /** Which of the listed names it was found by. */
  readonly listed: number;
}

/** An open file of arrays. */
interface ArraySource {
  readonly array: string;
  readonly source: ByteSource;
}

/** How the options name files. */
interface NamedArrays<O> {
  readonly named: (given: O) => readonly DataFileOption[];
  readonly places: (given: O, folder: string) => readonly ArrayPlace[];
}

/** Finds the arrays that options name. */
function finderOf<O extends ArrayOptions>(name: 'npz' | 'npy', { named, places }: NamedArrays<O>) {
  const at: At = (...path) => ['source', name, ...path];
  const pathOf = (array: string): OptionPath => (name === 'npz' ? at('file') : at('files', array));
  const joined = (sources: readonly ArraySource[], given: O): ArrayFile => {
    if (name === 'npy') return npyArrays(new Map(sources.map(({ array, source }) => [array, source])));
    const [first, second, ...more] = sources.map(({ source }) => atOption(at('file'), () => npzArrays(source)));
    if (second === undefined) return first!;
    const files = [first!, second, ...more] as const;
    // Those of one file belong to each other: that all together are as many says nothing.
    for (const file of files) findArrays(file, given, at);
    return joinedArrays(files, at('file'));
  };
  const look = (given: O, folder: string) =>
    joined(
      atOption(at(name === 'npz' ? 'file' : 'files'), () => places(given, folder)).map(({ array, place }) => ({
        array,
        source: atOption(pathOf(array), () => fileSource(place)),
      })),
      given,
    );
  /** Left out where one is listed: nothing is told of sources then. */
  const listedIn = (given: O, found: readonly ArrayPlace[]) => {
    const names = namesOfFiles(named(given));
    if (name === 'npy' || names.length < 2) return undefined;
    return { names, places: found.map(({ listed }) => listed) };
  };
  return { at, pathOf, joined, look, listedIn };
}

function rowOfArrays<O extends ArrayOptions>(name: 'npz' | 'npy', files: NamedArrays<O>) {
  const { named, places } = files;
  const { at, pathOf, joined, look, listedIn } = finderOf(name, files);
  return {
    describe: (given: O, folder: string, division: Partial<Division> = {}) =>
      orMisfit(() => described(look(given, folder), given, { division, at }), {
        inputs: given.inputs.length === 1 ? ['input'] : given.inputs,
      }),
    settle: (given: O, folder: string) => {
      if (!Object.values(given.targets).some(leavesArrayList)) return given;
      const file = look(given, folder);
      return { ...given, targets: settledTargets(file, given, findArrays(file, given, at), at) };
    },
    named,
    files: (given: O, folder: string) => places(given, folder).map(({ place }) => place.path),
    load: (
      given: O,
      folder: string,
      seed: number,
      signal?: AbortSignal,
      split: SplitOptions = { validation: 0, stratified: true },
    ) => {
      const work = function* (): InParts<Dataset> {
        const read: DataFile[] = [];
        const sources: ArraySource[] = [];
        const wanted = places(given, folder);
        for (const { array, place } of wanted) {
          yield;
          const { bytes, file } = atOption(pathOf(array), () => readBytes(place));
          read.push(file);
          sources.push({ array, source: memorySource(nameOf(place), bytes) });
        }
        const arrays = joined(sources, given);
        const found = findArrays(arrays, given, at);
        const settled = { ...given, targets: settledTargets(arrays, given, found, at) };
        const listed = listedIn(given, wanted);
        const loading = { found, division: { split, seed }, at, ...(listed && { listed }) };
        return { name, files: read, ...(yield* loadArrays(arrays, settled, loading)) };
      };
      return inTurns(work(), signal);
    },
    rows: arrayRows,
  };
}

function piecesOfArrays<O extends ArrayOptions>(name: 'npz' | 'npy', files: NamedArrays<O>): PieceMaker<O> {
  const { at, look, listedIn } = finderOf(name, files);
  const row = rowOfArrays(name, files);
  return {
    open: (given, folder, seed, split = { validation: 0, stratified: true }) => {
      const file = look(given, folder);
      const found = findArrays(file, given, at);
      const { inputs, images, parts } = given;
      const targets = settledTargets(file, given, found, at);
      const spec = provenTest(specOf(file, { ...given, targets }, found, { at, fold: split.fold }), at);
      const k = stratifiedBy(spec.targets);
      const places = files.places(given, folder);
      const listed = listedIn(given, places);
      return openArrays(
        { file, spec, found, at },
        {
          name,
          folder,
          places,
          ...(listed && { listed }),
          madeBy: { inputs, targets, images, parts },
          divide: () => {
            const target = spec.targets[k];
            const labels = target?.kind === 'class' ? readLabels(file, found.targets[k]!.all!, target, at) : undefined;
            return divided(labels, spec, { split, seed });
          },
          whole: async (signal) => row.load(given, folder, seed, signal, split),
        },
      );
    },
  };
}

function settledTargets(
  file: ArrayFile,
  { targets }: ArrayOptions,
  found: FoundArrays,
  at: At,
): ArrayOptions['targets'] {
  return Object.fromEntries(
    found.targets.map((one) => {
      const target = targets[one.name]!;
      if (!leavesArrayList(target)) return [one.name, target];
      const path = at('targets', one.name);
      const classes = atOption(path, () => classesIn(file, one));
      if (target === 'fromData') return [one.name, classes];
      proveOrder(one.name, classes, path);
      return [one.name, { ordinal: classes }];
    }),
  );
}

/** Whether a target leaves its classes to the data. */
function leavesArrayList(target: ArrayTarget): boolean {
  return target === 'fromData' || (typeof target === 'object' && 'ordinal' in target && target.ordinal === 'fromData');
}

interface Describing {
  readonly division: Partial<Division>;
  readonly at: At;
}

function described(file: ArrayFile, given: ArrayOptions, { division, at }: Describing): DatasetSpec {
  const found = findArrays(file, given, at);
  const settled = { ...given, targets: settledTargets(file, given, found, at) };
  const spec = provenTest(specOf(file, settled, found, { at, fold: division.split?.fold }), at);
  const bounded: DatasetSpec = {
    ...packable({ file, spec, found, at }),
    // The file, and its arrays unpacked, stay until all is made samples; float32 of an input is copied once more.
    reading: 2 * bytesIn(file, found) + 4 * inputValues(file, found),
    indexFacts: (input) =>
      indexFactsOf(
        file,
        found,
        spec.inputs.findIndex(({ name }) => name === input),
      ),
  };
  const { split, seed } = division;
  const [target, ...more] = spec.targets;
  if (split === undefined || seed === undefined) return bounded;
  if (target?.kind !== 'class' || target.shape.length > 0 || more.length > 0) return bounded;
  const [of] = found.targets;
  const read = (array: string) =>
    atOption(at('targets', target.name), () => labelsOf(file.called(array), file.values(array), target));
  // The run tells of those that have arrays of their own for validation.
  if (of!.validation !== undefined) {
    for (const array of [of!.train!, of!.validation, of!.test!]) read(array);
    return bounded;
  }
  const labels = labelsIn(of!.all === undefined ? [read(of!.train!), read(of!.test!)] : read(of!.all), spec, {
    split,
    seed,
  });
  const path = at('targets', target.name);
  return withClassWarnings({ ...bounded, labels: () => labels }, division, { train: path, test: path });
}

/** @throws WrongOption where no sample is for the test */
function provenTest(spec: DatasetSpec, at: At): DatasetSpec {
  if (spec.count!.test > 0) return spec;
  throw new WrongOption(
    at('test'),
    failure('no-test-samples', `${spec.count!.train} samples leave none for the test`, 'Raise `test`.'),
  );
}

/** @param labels of training and test, or of all that is to be divided */
function labelsIn(
  labels: readonly [Uint8Array, Uint8Array] | Uint8Array,
  spec: DatasetSpec,
  division: Division,
): Labels {
  if (!(labels instanceof Uint8Array)) return { train: labels[0], test: labels[1] };
  const { train, test } = divided(labels, spec, division);
  return { train: rowsOf(labels, 1, train), test: rowsOf(labels, 1, test) };
}

/** Which samples are for the test, where no arrays are. @param labels of the first target of one class per sample */
function divided(
  labels: Uint8Array | undefined,
  { count }: DatasetSpec,
  { split, seed }: Division,
): Readonly<Record<'train' | 'test', Uint32Array>> {
  const { train, test } = count!;
  const chosen = chooseRows({ count: train + test, wanted: test, labels, options: split, seed, purpose: 'test' });
  const rows = Uint32Array.from({ length: train + test }, (_, row) => row);
  return { train: rows.filter((row) => chosen[row] === 0), test: rows.filter((row) => chosen[row] === 1) };
}

interface Loading {
  readonly found: FoundArrays;
  readonly division: Division;
  readonly at: At;
  /** What listed files are called, and for each file its place among them; left out where one is listed. */
  readonly listed?: Pick<ListedSources, 'names'> & { readonly places: readonly number[] };
}

function* loadArrays(
  file: ArrayFile,
  given: ArrayOptions,
  { found, division, at, listed }: Loading,
): InParts<Pick<Dataset, 'spec' | 'train' | 'test' | 'split' | 'sources' | 'origin'>> {
  const spec = packable({
    file,
    spec: provenTest(specOf(file, given, found, { at, fold: division.split.fold }), at),
    found,
    at,
  });
  const part = (name: 'all' | 'train' | 'validation' | 'test') => readPart(file, spec, { found, part: name, at });
  const samples = ({ inputs, targets }: PartValues, count: number): Samples => ({ inputs, targets, count });
  const { counts } = found;
  const [input] = found.inputs;
  const among = (array: string, rows: Uint32Array) => filesAmong(file, array, { rows, places: listed!.places });
  if (counts.all === undefined) {
    const first = yield* part('train');
    const validation = counts.validation === undefined ? undefined : yield* part('validation');
    const train = validation === undefined ? first : joinedParts(first, validation);
    return {
      spec,
      train: samples(train, spec.count!.train),
      test: samples(yield* part('test'), spec.count!.test),
      ...(validation && { split: splitAt(counts.train!, spec.count!.train) }),
      ...(listed && {
        sources: {
          names: listed.names,
          train: Uint32Array.from([
            ...among(input!.train!, firstRows(counts.train!)),
            ...(validation === undefined ? [] : among(input!.validation!, firstRows(counts.validation!))),
          ]),
          test: among(input!.test!, firstRows(counts.test!)),
        },
      }),
      origin: {
        place: (name, row) => {
          const isSecond = name === 'train' && row >= counts.train!;
          const array = input![isSecond ? 'validation' : name]!;
          return spotIn(file, array, isSecond ? row - counts.train! : row);
        },
      },
    };
  }
  const all = yield* part('all');
  const labels = all.targets[stratifiedBy(spec.targets)];
  const rows = divided(labels instanceof Uint8Array ? labels : undefined, spec, division);
  const pick = (name: 'train' | 'test') =>
    samples(
      {
        inputs: all.inputs.map((values, k) => rowsOf(values, sizeOf(spec.inputs[k]!.shape), rows[name])),
        targets: all.targets.map((values, k) => rowsOf(values, sizeOf(spec.targets[k]!.shape), rows[name])),
      },
      rows[name].length,
    );
  return {
    spec,
    train: pick('train'),
    test: pick('test'),
    ...(listed && {
      sources: { names: listed.names, train: among(input!.all!, rows.train), test: among(input!.all!, rows.test) },
    }),
    origin: { place: (name, row) => spotIn(file, input!.all!, rows[name][row]!) },
  };
}

function joinedParts(one: PartValues, other: PartValues): PartValues {
  return {
    inputs: one.inputs.map((values, k) => joinedValues(values, other.inputs[k]!)),
    targets: one.targets.map((values, k) => joinedValues(values, other.targets[k]!)),
  };
}

/** What reading an input as indices depends on: its values, which are read for it. */
function indexFactsOf(file: ArrayFile, { inputs }: FoundArrays, place: number): IndexFacts {
  let [low, high]: (undefined | { readonly value: number; readonly place: () => string })[] = [];
  for (const array of arraysOf(inputs[place]!)) {
    const { kind, shape } = file.head(array);
    if (kind.isWhole !== true)
      return {
        misfit: { problem: `${file.called(array)} is ${kind.name}`, hint: `${numberThem}, and save integers.` },
      };
    const size = sizeOf(shape.slice(1));
    for (const { values, before } of file.parts(array)) {
      if (isTexts(values)) return {};
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        const here = () => `${file.called(array)}, sample ${before + Math.floor(i / size) + 1}: a value is ${value}`;
        if (low === undefined || value < low.value) low = { value, place: here };
        if (high === undefined || value > high.value) high = { value, place: here };
      }
    }
  }
  return { ...(low && { smallest: { ...low, hint: `${numberThem}.` } }), ...(high && { largest: high }) };
}

const numberThem = 'Indices are whole numbers from 0 on: number them in the array';

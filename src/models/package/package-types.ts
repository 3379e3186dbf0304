import { fewClasses } from '../../base/class-indices.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { InputSpec, RowKind, TargetSpec, TrainedOn } from '../../datasets/dataset.ts';
import { readsWords } from '../../datasets/texts/encode-text.ts';
import { seriesEncoder } from '../../datasets/series/encode-series.ts';
import { type PreparedColumn, hasSteps, hasTokens, tableEncoder } from '../../datasets/tables/encode-table.ts';
import { isWholeText } from '../../datasets/texts/whole-texts.ts';

/** What a package is made of beside the files of its model. */
export interface Packaging {
  /** Of the package; left out: made of that of the pipeline. */
  readonly name: string | undefined;
  readonly runId: string | undefined;
  /** What the run measured on its test split. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What the types of a package are made of. */
export interface Typed extends TrainedOn {
  readonly kind: RowKind;
}

/** The declarations of a package: names and classes are literal, so that who misspells one is told by the compiler. */
export function declarationsOf(typed: Typed): string {
  return [
    ...inputOf(typed),
    '',
    '/** What the model says of an input, in the unit of the data; of the input itself, as the model takes it. */',
    `export interface Prediction ${objectOf(predictionOf(typed.targets))}`,
    '',
    '/**',
    ' * What the model says. It is loaded with the first call, and computes on the backend of TensorFlow.js.',
    ' *',
    ' * @throws TypeError where the input cannot be used: it says what is wrong with it',
    ' */',
    'export declare function predict(input: Input): Promise<Prediction>;',
    '',
    '/** The same of many, in their order: faster than one after the other. */',
    'export declare function predictAll(inputs: readonly Input[]): Promise<readonly Prediction[]>;',
    '',
  ].join('\n');
}

function inputOf({ kind, ...trained }: Typed): readonly string[] {
  const { inputs } = trained;
  if (kind === 'text') {
    const steps = inputs[0]!.shape[0]!;
    return [
      `/** A text of ${steps} ${readsWords(trained) ? 'words' : 'characters'}. */`,
      'export type Input = string;',
    ];
  }
  if (kind === 'table') {
    const { columns, taken } = tableEncoder({ ...trained, options: {} });
    const members = [...taken].map(([name, one]): Member => {
      const all = [...(one ? [one] : []), ...[...columns.values()].filter((cross) => isCrossOf(cross, name))];
      return [name, `${typeOfColumn(one)}${all.every(fillsGaps) ? ' | null' : ''}`];
    });
    return ['/** A row, each column in the unit of the data. */', `export interface Input ${objectOf(members)}`];
  }
  if (kind === 'series') {
    const { columns, window } = seriesEncoder({ ...trained, options: {} });
    const members = [...columns.values()].map((one): Member => [
      one.column,
      listsOf(1, `${typeOfColumn(one)}${fillsGaps(one) ? ' | null' : ''}`),
    ]);
    return [
      `/** A window of ${window} rows: so many values for each column, the oldest first, in the unit of the data. */`,
      `export interface Input ${objectOf(members)}`,
    ];
  }
  const [input] = inputs as [InputSpec];
  if (kind === 'arrays') {
    const members = inputs.map((one) => [one.name, numbersOf(one)] as const);
    return [
      `/** Numbers, as lists within lists or all in one array: ${shapesOf(inputs)}. */`,
      inputs.length === 1 ? `export type Input = ${members[0]![1]};` : `export interface Input ${objectOf(members)}`,
    ];
  }
  if (kind === 'recordings')
    return [
      '/**',
      ' * A recording: the content of a WAV file, or the path of one, in Node; or its spectrogram in decibels,',
      ` * ${shapesOf(inputs)}.`,
      ' */',
      `export type Input = string | ${numbersOf(input)};`,
    ];
  const picture = [
    "/** A canvas' `getImageData` gives such; of pictures in greys all three colours are alike. */",
    'export interface CanvasPixels {',
    '  readonly width: number;',
    '  readonly height: number;',
    '  readonly data: Uint8ClampedArray;',
    '}',
    '',
    '/**',
    ` * A picture of ${input.shape.join(' x ')} (height, width, channels): the content of a PNG file;`,
    ' * the path of one, in Node; what a canvas gives; or its bytes, row by row, from 0 to 255.',
    ' */',
    'export type Picture = Uint8Array | CanvasPixels | string;',
    '',
  ];
  if (inputs.length === 1) return [...picture, 'export type Input = Picture;'];
  return [...picture, `export interface Input ${objectOf(inputs.map(({ name }) => [name, 'Picture'] as const))}`];
}

const shapesOf = (inputs: readonly InputSpec[]) =>
  inputs.map(({ name, shape }) => `\`${name}\` ${shape.join(' x ')}`.replaceAll('*/', '')).join(', ');

/** Lists as deep as the shape of an input, of which a last axis of 1 may be left out. */
function numbersOf({ shape }: InputSpec): string {
  const depths = shape.at(-1) === 1 && shape.length > 1 ? [shape.length, shape.length - 1] : [shape.length];
  const lists = depths.map((depth) => listsOf(depth, 'number'));
  return [...lists, 'Uint8Array', 'Float32Array', 'Float64Array'].join(' | ');
}

/** What a row may have in a column. */
function typeOfColumn(column: PreparedColumn | undefined): string {
  if (column === undefined) return 'string | number';
  if (hasTokens(column)) return 'string';
  if ('categories' in column && column.categories !== undefined) return union(column.categories);
  if (!hasSteps(column) || column.reads === 'numbers') return 'number';
  return column.reads === 'hash' ? 'string | number' : 'string';
}

const isCrossOf = (column: PreparedColumn, part: string): boolean =>
  'cross' in column && column.cross !== undefined && column.cross.includes(part);

/** Whether a value may be missing. */
const fillsGaps = (column: PreparedColumn): boolean =>
  hasTokens(column) ? column.gap !== undefined : hasSteps(column) && column.fill !== undefined;

type Member = readonly [name: string, type: string];

/** How sure the model is, by what is told of each target. */
export const sureOf = (target: TargetSpec): 'probabilities' | 'confidence' | undefined => {
  if (target.kind === 'number') return undefined;
  return target.shape.length === 0 || target.several !== undefined ? 'probabilities' : 'confidence';
};

function predictionOf(targets: readonly TargetSpec[]): readonly Member[] {
  const said = targets.map((target): Member => {
    if (target.kind === 'class' && target.several !== undefined)
      return [target.name, listsOf(1, union(target.several.labels))];
    if (isWholeText(target)) return [target.name, 'string'];
    if (target.kind === 'class')
      return [
        target.name,
        listsOf(target.shape.length, target.classes.length > fewClasses ? 'string' : union(target.classes)),
      ];
    return [target.name, listsOf(sizeOf(target.shape) === 1 ? 0 : target.shape.length, 'number')];
  });
  const sure = (['confidence', 'probabilities'] as const).flatMap((key): Member[] => {
    const some = targets.filter((target) => sureOf(target) === key);
    if (some.length === 0) return [];
    const members = some.map((target): Member => {
      if (key === 'confidence') return [target.name, listsOf(isWholeText(target) ? 0 : target.shape.length, 'number')];
      const classes = target.kind === 'class' ? (target.several?.labels ?? target.classes) : [];
      return [
        target.name,
        objectOf(
          classes.map((name) => [name, 'number'] as const),
          '    ',
        ),
      ];
    });
    return [[key, objectOf(members, '  ')]];
  });
  const errors = targets
    .filter((target) => target.kind === 'number' && target.reconstructs !== undefined)
    .map(({ name }): Member => [name, 'number']);
  return [...said, ...sure, ...(errors.length === 0 ? [] : [['error', objectOf(errors, '  ')] as const])];
}

function listsOf(depth: number, type: string): string {
  let lists = type.includes(' | ') && depth > 0 ? `(${type})` : type;
  for (let level = 0; level < depth; level++) lists = level === 0 ? `readonly ${lists}[]` : `readonly (${lists})[]`;
  return lists;
}

function objectOf(members: readonly Member[], indent = ''): string {
  const lines = members.map(([name, type]) => `${indent}  readonly ${keyOf(name)}: ${type};\n`);
  return `{\n${lines.join('')}${indent}}`;
}

const union = (texts: readonly string[]) => texts.map(literal).join(' | ') || 'never';

/** Names are the data's: whatever they hold, they end no text of the program. */
const keyOf = (name: string) => (isIdentifier(name) ? name : literal(name));
const literal = (text: string) => (/^[\w .,:+()-]*$/.test(text) ? `'${text}'` : quoted(text));

/** A text as a program has it. */
export const quoted = (text: string) =>
  JSON.stringify(text)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);

/** Whether a program can write a name without quotation marks. */
export const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name);

/** What the modules of a package import. */
export const tfjs = '@tensorflow/tfjs';

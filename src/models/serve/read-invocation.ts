import { type Diagnostic, UserError } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { explainJson } from '../../base/json-fault.ts';
import { isWithin } from '../../base/json-limits.ts';
import { shorten } from '../../base/shorten.ts';
import { type AskedRow, decoded } from '../../datasets/dataset.ts';
import { isNamed, kindOf } from '../../datasets/given-values.ts';
import { readTensor } from './read-tensors.ts';
import { Refusal } from './refusal.ts';
import type { AskedOf, ServedModel } from './served-model.ts';

type Model = Pick<ServedModel, 'reader' | 'signature'>;

/** Rows of one request: more are to be sent in several. */
export const mostRows = 10_000;

/** What a body may unpack to. */
const bodyLimits = { depth: 20, holders: 2e6, values: 1e7 };

/** JSON of a request. @throws Refusal where it is none, or more than a server can hold */
export function parseJson(bytes: Uint8Array): unknown {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'the body is not UTF-8');
  }
  if (!isWithin(text, bodyLimits))
    throw new Refusal(
      413,
      `the body holds too much: at most ${bodyLimits.depth} lists within each other, ` +
        `${bodyLimits.holders} lists and ${bodyLimits.values} values`,
    );
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    const { message, hint } = explainJson(text);
    throw new Refusal(400, `the body is not JSON: ${message}${hint === undefined ? '' : `. ${hint}`}`);
  }
}

/** What a body has to have one of, as in MLflow. */
const forms = {
  dataframe_records: (model, given) => recordsOf(model, given),
  dataframe_split: (model, given) => splitOf(model, given),
  inputs: (model, given) => inputsOf(model, given),
  instances: (model, given) => instancesOf(model, given),
} as const satisfies Record<string, (model: Model, given: unknown) => readonly AskedOf[]>;

type FormName = keyof typeof forms;

const isForm = (key: string): key is FormName => Object.hasOwn(forms, key);

/**
 * The rows of a JSON body for `/invocations`. As in MLflow, whose clients send `signature_name` and others beside it,
 * what the model does not take is passed over.
 *
 * @throws Refusal which names the place in it
 */
export function readInvocation(model: Model, body: unknown): readonly AskedOf[] {
  const names = Object.keys(forms)
    .map((name) => `\`${name}\``)
    .join(', ');
  if (!isNamed(body)) throw new Refusal(400, `the body is ${kindOf(body)}, and not an object with one of ${names}`);
  const given = Object.keys(body).filter(isForm);
  const [form, ...more] = given;
  if (form === undefined) {
    const other = Object.keys(body).find((key) => key !== 'params');
    if (other !== undefined) throw unknownKey(other, names);
  }
  if (form === undefined || more.length > 0) {
    const has = form === undefined ? 'none' : given.map((key) => `\`${key}\``).join(' and ');
    throw new Refusal(400, `the body has to have exactly one of ${names}, and has ${has}`);
  }
  return forms[form](model, body[form]);
}

function unknownKey(key: string, names: string): Refusal {
  const guess = nearest(key, Object.keys(forms));
  return new Refusal(
    400,
    `the body has \`${shorten(key)}\`, which is unknown` +
      (guess === undefined ? `: it takes one of ${names}` : `. Did you mean \`${guess}\`?`),
  );
}

/** What the rows of a list are, one by one. @throws Refusal which tells of the first that are none */
export function readEach<T>(
  given: readonly unknown[],
  where: string,
  read: (row: unknown, where: string) => T,
): readonly T[] {
  if (given.length > mostRows)
    throw new Refusal(413, `${where} has ${given.length} rows: send at most ${mostRows} in one request`);
  if (given.length === 0) throw new Refusal(400, `${where} has no rows`);
  const faults: Diagnostic[] = [];
  const rows: T[] = [];
  for (const [k, row] of given.entries()) {
    try {
      rows.push(read(row, `${where}[${k}]`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error.diagnostics[0]!);
      if (faults.length === mostTold) break;
    }
  }
  if (faults.length > 0) throw wrongRows(faults);
  return rows;
}

/** Rows that are told of where they are wrong: explaining takes longer than reading, and some send nothing else. */
const mostTold = 5;

function wrongRows(faults: readonly Diagnostic[]): Refusal {
  const lines = faults.map(({ message, hint }) => (hint === undefined ? message : `${message}. ${hint}`));
  const rest = faults.length < mostTold ? [] : ['the rows behind that are not looked at'];
  return new Refusal(400, [...lines, ...rest].join('\n'), faults);
}

function recordsOf(model: Model, given: unknown): readonly AskedOf[] {
  const where = 'dataframe_records';
  const rows = listOf(given, where);
  const read = hasTensors(model, rows[0]) ? tensorsOf : rowOf;
  return readEach(rows, where, (row, place) => read(model, row, place));
}

function splitOf(model: Model, given: unknown): readonly AskedOf[] {
  const where = 'dataframe_split';
  if (!isNamed(given))
    throw new Refusal(400, `${where} is ${kindOf(given)}, not an object with \`columns\` and \`data\``);
  const columns = listOf(given['columns'], `${where}.columns`).map((name, k) => {
    if (typeof name === 'string') return name;
    throw new Refusal(400, `${where}.columns[${k}] is ${kindOf(name)}, not a name`);
  });
  const seen = new Set<string>();
  const twice = columns.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new Refusal(400, `${where}.columns names \`${shorten(twice)}\` twice`);
  const rows = listOf(given['data'], `${where}.data`);
  const named = (cells: readonly unknown[]) => Object.fromEntries(columns.map((name, k) => [name, cells[k]]));
  const read = Array.isArray(rows[0]) && hasTensors(model, named(rows[0])) ? tensorsOf : rowOf;
  return readEach(rows, `${where}.data`, (row, place) => {
    const cells = listOf(row, place);
    if (cells.length !== columns.length)
      throw new Refusal(400, `${place} has ${cells.length} values for ${columns.length} columns`);
    return read(model, named(cells), place);
  });
}

/**
 * Whether a data frame holds tensors, as that of MLflow does where a model has several inputs: a list for each input,
 * and no cell of a table that is an input of the model can be a list. Else it holds rows as the data has them.
 */
function hasTensors({ reader, signature: { inputs } }: Model, row: unknown): boolean {
  return (
    reader.kind === 'table' && inputs.length > 1 && isNamed(row) && inputs.every(({ name }) => Array.isArray(row[name]))
  );
}

const rowOf = ({ reader }: Model, row: unknown, where: string): AskedOf => ({
  row: withoutLabels(reader.encode(row, where)),
});

function tensorsOf({ signature: { inputs } }: Model, row: unknown, where: string): AskedOf {
  if (!isNamed(row)) {
    if (inputs.length > 1) throw severalInputs(where, inputs);
    return { tensors: [readTensor(row, inputs[0]!, where)] };
  }
  proveNames(row, inputs, where);
  return { tensors: inputs.map((one) => readTensor(row[one.name], one, `${where}.${one.name}`)) };
}

/** What is right is nothing that a server is asked about. */
const withoutLabels = ({ x }: Omit<AskedRow, 'place'>): AskedRow => ({ place: {}, x: x! });

function inputsOf({ signature: { inputs } }: Model, given: unknown): readonly AskedOf[] {
  const [input, ...more] = inputs;
  if (!isNamed(given)) {
    const rows = listOf(given, 'inputs');
    if (more.length > 0) throw severalInputs('inputs', inputs);
    return readEach(rows, 'inputs', (row, where) => ({ tensors: [readTensor(row, input!, where)] }));
  }
  proveNames(given, inputs, 'inputs');
  const each = inputs.map((one) => {
    const where = `inputs.${one.name}`;
    return readEach(listOf(given[one.name], where), where, (row, place) => readTensor(row, one, place));
  });
  const uneven = each.findIndex(({ length }) => length !== each[0]!.length);
  if (uneven >= 0)
    throw new Refusal(
      400,
      `inputs.${inputs[uneven]!.name} has ${each[uneven]!.length} rows, and inputs.${input!.name} ${each[0]!.length}`,
    );
  return each[0]!.map((_, row) => ({ tensors: each.map((rows) => rows[row]!) }));
}

const instancesOf = (model: Model, given: unknown): readonly AskedOf[] =>
  readEach(listOf(given, 'instances'), 'instances', (row, where) => tensorsOf(model, row, where));

function proveNames(
  given: Readonly<Record<string, unknown>>,
  inputs: Model['signature']['inputs'],
  where: string,
): void {
  const missing = inputs.map(({ name }) => name).find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined)
    throw new Refusal(400, `${where} has no \`${missing}\`, which the model takes; ${hasNames(given)}`);
}

function hasNames(given: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(given);
  return names.length === 0 ? 'it has nothing' : `it has ${shorten(names.join(', '), 200)}`;
}

const severalInputs = (where: string, inputs: Model['signature']['inputs']) =>
  new Refusal(400, `${where} has to name the model's inputs: ${inputs.map(({ name }) => name).join(', ')}`);

/** @throws Refusal where it is none */
export function listOf(given: unknown, where: string): readonly unknown[] {
  if (Array.isArray(given)) return given as readonly unknown[];
  throw new Refusal(400, given === undefined ? `${where} is missing` : `${where} is ${kindOf(given)}, not a list`);
}

/** The rows of a table as text. @throws Refusal which names the lines that are wrong */
export async function readFile(
  { reader }: Model,
  kind: 'csv' | 'png' | 'wav',
  bytes: Uint8Array,
): Promise<readonly AskedOf[]> {
  const read = reader.files[kind];
  if (read === undefined) throw new Refusal(415, `the model takes ${reader.takes}`);
  const faults: Diagnostic[] = [];
  const rows: AskedOf[] = [];
  for (const given of read('the body', bytes)) {
    const row = await decoded(given);
    if (row.x === undefined) faults.push(row.fault!);
    else rows.push({ row: withoutLabels(row) });
    if (faults.length === mostTold) break;
    if (rows.length > mostRows) throw new Refusal(413, `the body has more than ${mostRows} rows: send it in parts`);
  }
  if (faults.length > 0) throw wrongRows(faults);
  if (rows.length === 0) throw new Refusal(400, 'the body has no rows');
  return rows;
}

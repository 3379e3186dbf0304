import type { FastifyInstance } from 'fastify';
import { shorten } from '../../base/shorten.ts';
import { formatShape } from '../../base/tensor-shape.ts';
import { version } from '../../base/version.ts';
import type { InputSpec } from '../../datasets/dataset.ts';
import { isNamed, kindOf } from '../../datasets/given-values.ts';
import { type Serving, proveFinite } from './invocations.ts';
import { listOf, mostRows } from './read-invocation.ts';
import { readFlat, readTensor } from './read-tensors.ts';
import { Refusal } from './refusal.ts';
import type { AskedOf, Port, ServedModel } from './served-model.ts';

/** The routes of the Open Inference Protocol, version 2, over HTTP. A model's only version is the run that made it. */
export function addOpenInference(app: FastifyInstance, { ready, ask, runId }: Serving): void {
  /** @throws Refusal where a path names another model, or another version of it */
  const named = (params: unknown): ServedModel => {
    const model = ready();
    const { name, version: run } = params as { readonly name: string; readonly version?: string };
    if (name !== model.name)
      throw new Refusal(404, `there is no model ${shorten(name)}: this server has ${model.name}`);
    if (run !== undefined && run !== runId)
      throw new Refusal(404, `there is no version ${shorten(run)} of ${name}: this server has ${runId ?? 'none'}`);
    return model;
  };
  app.get('/v2', async () => ({ name: 'layerline', version, extensions: [] }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async () => {
    ready();
    return { ready: true };
  });
  for (const url of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get(url, async ({ params }) => {
      const { name, signature, outputs } = named(params);
      const described = ({ name: called, shape }: Port) => ({ name: called, datatype: 'FP32', shape: [-1, ...shape] });
      return {
        name,
        ...(runId !== undefined && { versions: [runId] }),
        platform: 'layerline',
        inputs: signature.inputs.map(described),
        outputs: outputs.map(described),
      };
    });
    app.get(`${url}/ready`, async ({ params }) => ({ name: named(params).name, ready: true }));
    app.post(`${url}/infer`, async ({ params, body }) => {
      const model = named(params);
      const { asked, wanted, id } = readInference(model, body);
      const answers = (await ask(asked)) as readonly (readonly Float32Array[])[];
      proveFinite(answers);
      return {
        model_name: model.name,
        ...(runId !== undefined && { model_version: runId }),
        ...(id !== undefined && { id }),
        outputs: model.outputs.flatMap(({ name, shape }, k) =>
          wanted.has(name)
            ? [
                {
                  name,
                  datatype: 'FP32',
                  shape: [asked.length, ...shape],
                  data: answers.flatMap((row) => Array.from(row[k]!)),
                },
              ]
            : [],
        ),
      };
    });
  }
}

interface Inference {
  readonly asked: readonly AskedOf[];
  /** Names of outputs. */
  readonly wanted: ReadonlySet<string>;
  readonly id: string | undefined;
}

/** @throws Refusal or UserError which names the place in the body */
function readInference({ signature, outputs }: ServedModel, body: unknown): Inference {
  if (!isNamed(body)) throw new Refusal(400, `the body is ${kindOf(body)}, and not an object with \`inputs\``);
  const { id } = body;
  if (id !== undefined && typeof id !== 'string') throw new Refusal(400, `id is ${kindOf(id)}, not a text`);
  const given = listOf(body['inputs'], 'inputs');
  const names = signature.inputs.map(({ name }) => name);
  const tensors = new Map<string, { readonly rows: readonly Float32Array[]; readonly where: string }>();
  given.forEach((tensor, k) => {
    const where = `inputs[${k}]`;
    if (!isNamed(tensor)) throw new Refusal(400, `${where} is ${kindOf(tensor)}, not an object`);
    const { name } = tensor;
    const input = signature.inputs.find((one) => one.name === name);
    if (input === undefined || tensors.has(input.name))
      throw new Refusal(
        400,
        `${where}.name is ${typeof name === 'string' ? shorten(name) : kindOf(name)}; ` +
          `the model takes each of ${names.join(', ')} once`,
      );
    tensors.set(input.name, { rows: readTensorOf(tensor, input, where), where });
  });
  const missing = names.find((name) => !tensors.has(name));
  if (missing !== undefined) throw new Refusal(400, `inputs has no \`${missing}\`, which the model takes`);
  const each = names.map((name) => tensors.get(name)!);
  const [first] = each;
  const uneven = each.find(({ rows }) => rows.length !== first!.rows.length);
  if (uneven !== undefined)
    throw new Refusal(400, `${uneven.where} has ${uneven.rows.length} rows, and ${first!.where} ${first!.rows.length}`);
  return {
    asked: first!.rows.map((_, row) => ({ tensors: each.map(({ rows }) => rows[row]!) })),
    wanted: wantedOf(body['outputs'], outputs),
    id,
  };
}

function readTensorOf(
  { shape, datatype, data }: Readonly<Record<string, unknown>>,
  input: InputSpec,
  where: string,
): readonly Float32Array[] {
  if (datatype !== 'FP32')
    throw new Refusal(
      400,
      `${where}.datatype is ${typeof datatype === 'string' ? shorten(datatype) : kindOf(datatype)}, not FP32`,
    );
  const [count, ...rest] = listOf(shape, `${where}.shape`);
  const fits = rest.length === input.shape.length && rest.every((length, k) => length === input.shape[k]);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || !fits)
    throw new Refusal(
      400,
      `${where}.shape: expected ROWS x ${formatShape(input.shape)}, got ${shorten(JSON.stringify(shape))}`,
    );
  if (count > mostRows) throw new Refusal(413, `${where} has ${count} rows: send at most ${mostRows} in one request`);
  const values = listOf(data, `${where}.data`);
  if (Array.isArray(values[0])) {
    if (values.length !== count)
      throw new Refusal(400, `${where}.data has ${values.length} rows, and its shape says ${count}`);
    return values.map((row, k) => readTensor(row, input, `${where}.data[${k}]`));
  }
  const all = readFlat(values, count, input, `${where}.data`);
  const size = all.length / count;
  return Array.from({ length: count }, (_, k) => all.subarray(k * size, (k + 1) * size));
}

function wantedOf(given: unknown, outputs: readonly Port[]): ReadonlySet<string> {
  const names = outputs.map(({ name }) => name);
  const listed = given === undefined ? [] : listOf(given, 'outputs');
  if (listed.length === 0) return new Set(names);
  return new Set(
    listed.map((one, k) => {
      const name = isNamed(one) ? one['name'] : undefined;
      if (typeof name === 'string' && names.includes(name)) return name;
      throw new Refusal(400, `outputs[${k}].name is none of the model's: ${names.join(', ')}`);
    }),
  );
}

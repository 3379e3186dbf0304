import type { FastifyInstance } from 'fastify';
import { shorten } from '../../base/shorten.ts';
import { formatShape } from '../../base/tensor-shape.ts';
import { version } from '../../base/version.ts';
import type { InputSpec } from '../../datasets/dataset.ts';
import { isNamed, kindOf } from '../../datasets/given-values.ts';
import type { Serving } from './invocations.ts';
import { listOf, mostRows } from './read-invocation.ts';
import { readFlat, readTensor } from './read-tensors.ts';
import { Refusal } from './refusal.ts';
import type { AskedOf, Port, ServedModel } from './served-model.ts';

/** The routes of the Open Inference Protocol, version 2, over HTTP. */
export function addOpenInference(app: FastifyInstance, { ready, ask }: Serving): void {
  /** @throws Refusal where a path names another model */
  const named = (params: unknown): ServedModel => {
    const model = ready();
    const { name } = params as { readonly name: string };
    if (name === model.name) return model;
    throw new Refusal(404, `there is no model ${shorten(name)}: this server has ${model.name}`);
  };
  app.get('/v2', async () => ({ name: 'layerline', version, extensions: [] }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async () => {
    ready();
    return { ready: true };
  });
  app.get('/v2/models/:name', async ({ params }) => {
    const { name, signature, outputs } = named(params);
    const described = ({ name: called, shape }: Port) => ({ name: called, datatype: 'FP32', shape: [-1, ...shape] });
    return {
      name,
      platform: 'layerline',
      inputs: signature.inputs.map(described),
      outputs: outputs.map(described),
    };
  });
  app.get('/v2/models/:name/ready', async ({ params }) => ({ name: named(params).name, ready: true }));
  app.route({
    method: 'POST',
    url: '/v2/models/:name/infer',
    handler: async ({ params, body }) => {
      const model = named(params);
      const { asked, wanted, id } = readInference(model, body);
      const answers = (await ask(asked)) as readonly (readonly Float32Array[])[];
      return {
        model_name: model.name,
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
    },
  });
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
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || String(rest) !== String(input.shape))
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
  if (given === undefined) return new Set(names);
  return new Set(
    listOf(given, 'outputs').map((one, k) => {
      const name = isNamed(one) ? one['name'] : undefined;
      if (typeof name === 'string' && names.includes(name)) return name;
      throw new Refusal(400, `outputs[${k}].name is none of the model's: ${names.join(', ')}`);
    }),
  );
}

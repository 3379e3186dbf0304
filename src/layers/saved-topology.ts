import { anything, type Form, list, object, oneOf, record, such, text } from '../base/json-form.ts';

/** What a layer takes in one of its uses: an output of a use of another layer, [layer, use, output, more]. */
type Input = readonly [layer: string, use: number, ...rest: unknown[]];

const isIndex = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const place: Form<Input> = such(
  list(anything),
  ([layer, use, output]) => typeof layer === 'string' && isIndex(use) && isIndex(output),
) as Form<Input>;
/** TensorFlow.js keeps layers under their names in plain objects. */
const name = text(/^(?!__proto__$)/);

/** An object of these keys alone: TensorFlow.js reads others too, and some of them in two spellings. */
const only = <T extends object>(form: Form<T>, ...keys: readonly string[]): Form<T> =>
  such(form, (value) => Object.keys(value).every((key) => keys.includes(key)));

const layer = only(
  object({
    name,
    class_name: text(),
    config: record(anything),
    inbound_nodes: list(such(list(place), ({ length }) => length > 0)),
  }),
  'name',
  'class_name',
  'config',
  'inbound_nodes',
);
const net = only(
  object({ name: text(), layers: list(layer), input_layers: list(place), output_layers: list(place) }),
  'name',
  'layers',
  'input_layers',
  'output_layers',
);
const topology = only(
  object({ class_name: oneOf('Model', 'Functional'), config: net, keras_version: anything, backend: anything }),
  'class_name',
  'config',
  'keras_version',
  'backend',
);

/** What is wrong with the layers of a saved model; undefined: TensorFlow.js comes to an end with them. */
export function topologyMisfit(value: unknown): string | undefined {
  const fault = topology(value);
  if (fault !== undefined)
    return `\`${['modelTopology', fault].filter(Boolean).join('.')}\` is not as Layerline writes it`;
  const { layers } = (value as { readonly config: Net }).config;
  const nested = layers.find(({ config }) => /"inbound_?nodes":/i.test(JSON.stringify(config)));
  if (nested !== undefined) return `its layer ${JSON.stringify(nested.name)} is a model of its own`;
  const dangling = withoutInputs(layers);
  return dangling === undefined ? undefined : `what its layer ${JSON.stringify(dangling)} takes is nowhere made`;
}

interface Net {
  readonly layers: readonly {
    readonly name: string;
    readonly class_name: string;
    readonly config: object;
    readonly inbound_nodes: readonly (readonly Input[])[];
  }[];
}

/** The first layer that waits for another for ever, as TensorFlow.js would. */
function withoutInputs(layers: Net['layers']): string | undefined {
  const made = new Map(layers.map((one) => [one.name, Number(one.class_name === 'InputLayer')]));
  let waiting = layers.flatMap((one) => one.inbound_nodes.map((inputs) => ({ user: one.name, inputs })));
  for (let before = Number.POSITIVE_INFINITY; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter(({ user, inputs }) => {
      if (inputs.some(([from, use]) => (made.get(from) ?? 0) <= use)) return true;
      made.set(user, made.get(user)! + 1);
      return false;
    });
  }
  return waiting[0]?.user;
}

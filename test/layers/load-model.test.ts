import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { activationNames } from '../../src/layers/activations.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { loadLayersModel } from '../../src/layers/load-model.ts';
import { modelFiles, saveModel, writeModel } from '../../src/layers/save-model.ts';
import { chainOf } from './layer-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-model-'));
const [whole, copy, outside] = ['whole', 'copy', 'outside'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
  for (const path of [whole, copy, outside]) mkdirSync(path);
  const layers = [
    {
      type: 'conv2d',
      name: 'c',
      options: {
        filters: 2,
        kernelSize: 3,
        strides: 1,
        padding: 'same',
        dilationRate: 1,
        activation: 'relu',
        useBias: true,
        kernelInitializer: { glorotNormal: {} },
        biasInitializer: { zeros: {} },
      },
      inputs: [-1],
    },
    { type: 'flatten', name: 'f', options: {}, inputs: [0] },
  ];
  const model = buildModel(engine, chainOf([4, 4, 1], layers), 3);
  writeModel(whole, await saveModel(engine.tf, model), { inputs: [], targets: [] });
  model.dispose();
});
beforeEach(() => {
  for (const file of modelFiles) {
    rmSync(join(copy, file), { recursive: true, force: true });
    copyFileSync(join(whole, file), join(copy, file));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * What loading the copy comes to: `loaded`, or the code and the message.
 *
 * @throws anything else than what it is to throw
 */
async function outcome(path = copy): Promise<string> {
  try {
    const model = await loadLayersModel(engine.tf, path);
    model.dispose();
    return 'loaded';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.diagnostics).toEqual([
      {
        code: expect.stringMatching(/^(no-model|model-damaged)$/),
        severity: 'error',
        message: error.message,
        hint: expect.stringMatching(/^[A-Z].*\.$/),
      },
    ]);
    return `${error.diagnostics[0]!.code}: ${error.message.replaceAll(`${copy}/`, '')}`;
  }
}

const json = () => JSON.parse(readFileSync(join(whole, 'model.json'), 'utf8')) as Record<string, unknown>;
// oxlint-disable-next-line typescript/no-explicit-any -- each test breaks another part of it
const describe = (change: (description: any) => void) => {
  const description = json();
  change(description);
  writeFileSync(join(copy, 'model.json'), JSON.stringify(description));
};

test('a whole model loads', async () => {
  expect(await outcome()).toBe('loaded');
});

test('of a description that is cut short, each beginning is said to be one', async () => {
  const text = readFileSync(join(whole, 'model.json'), 'utf8');
  for (let length = 0; length < text.length; length += 37) {
    writeFileSync(join(copy, 'model.json'), text.slice(0, length));
    expect(await outcome()).toMatch(
      length === 0
        ? /^model-damaged: .*: it is empty$/
        : /^model-damaged: model\.json does not describe a model of Layerline: it is not JSON, or not all of it: /,
    );
  }
});

test.each<[what: string, change: () => void, told: RegExp]>([
  ['no description', () => rmSync(join(copy, 'model.json')), /^no-model: model\.json cannot be read: ENOENT/],
  ['no weights', () => rmSync(join(copy, 'weights.bin')), /^no-model: weights\.bin cannot be read: ENOENT/],
  [
    'a folder as description',
    () => {
      rmSync(join(copy, 'model.json'));
      mkdirSync(join(copy, 'model.json'));
    },
    /^no-model: model\.json cannot be read: it is a folder/,
  ],
  ['a web page', () => writeFileSync(join(copy, 'model.json'), '<html>'), /it is not JSON/],
  ['bytes', () => writeFileSync(join(copy, 'model.json'), Buffer.from([0xff, 0xfe, 0x7b])), /it is not JSON/],
  ['null', () => writeFileSync(join(copy, 'model.json'), 'null'), /: it is no object$/],
  ['a list', () => writeFileSync(join(copy, 'model.json'), '[]'), /: it is no object$/],
  [
    'JSON in JSON without end',
    () =>
      writeFileSync(
        join(copy, 'model.json'),
        `{"format":"layers-model","modelTopology":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      ),
    /: it holds more than any model$/,
  ],
  [
    'nothing in it',
    () => writeFileSync(join(copy, 'model.json'), '{}'),
    /: its format is missing, not "layers-model"$/,
  ],
  [
    'a graph model',
    () =>
      describe((one) => {
        one.format = 'graph-model';
      }),
    /: its format is "graph-model", not "layers-model"$/,
  ],
  [
    'layers that are a text',
    () =>
      describe((one) => {
        one.modelTopology = 'x';
      }),
    /: `modelTopology` is not as Layerline writes it$/,
  ],
  [
    'a layer that takes what no layer makes',
    () =>
      describe((one) => {
        one.modelTopology.config.layers[1].inbound_nodes[0][0][0] = 'gone';
      }),
    /: what its layer "c" takes is nowhere made$/,
  ],
  [
    'layers in a circle',
    () =>
      describe((one) => {
        one.modelTopology.config.layers[1].inbound_nodes[0][0][0] = 'f';
      }),
    /: what its layer "c" takes is nowhere made$/,
  ],
  [
    'a layer of no inputs as the only input',
    () =>
      describe((one) => {
        one.modelTopology.config.layers.shift();
      }),
    /: what its layer "c" takes is nowhere made$/,
  ],
  [
    'a model in a layer',
    () =>
      describe((one) => {
        one.modelTopology.config.layers[1].config.layer = json().modelTopology;
      }),
    /: its layer "c" is a model of its own$/,
  ],
  [
    'layers in two spellings',
    () =>
      describe((one) => {
        one.modelTopology.config.layers[1].inboundNodes = [];
      }),
    /: `modelTopology\.config\.layers\.1` is not as/,
  ],
  [
    'no manifest',
    () =>
      describe((one) => {
        delete one.weightsManifest;
      }),
    /: `weightsManifest` is not as Layerline writes it$/,
  ],
  [
    'a dtype that TensorFlow.js does not train',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[1].dtype = 'float64';
      }),
    /: `weightsManifest\.0\.weights\.1\.dtype` is not as/,
  ],
  [
    'a negative size',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[1].shape = [-2];
      }),
    /: `weightsManifest\.0\.weights\.1\.shape\.0` is not as/,
  ],
  [
    'a huge size',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[1].shape = [1e15];
      }),
    /: it promises 4000000000000072 bytes of weights, and weights\.bin has 80$/,
  ],
  [
    'weights elsewhere',
    () =>
      describe((one) => {
        one.weightsManifest[0].paths = ['../outside/weights.bin'];
      }),
    /: its weights are in \["\.\.\/outside\/weights\.bin"\], not in weights\.bin alone$/,
  ],
  [
    'weights at an address',
    () =>
      describe((one) => {
        one.weightsManifest[0].paths = ['https://example.org/w.bin'];
      }),
    /not in weights\.bin alone$/,
  ],
  [
    'weights in two files',
    () =>
      describe((one) => {
        one.weightsManifest.push(one.weightsManifest[0]);
      }),
    /: its weights are in \["weights\.bin","weights\.bin"\], not/,
  ],
  [
    'weights cut short',
    () => truncateSync(join(copy, 'weights.bin'), 79),
    /: it promises 80 bytes of weights, and weights\.bin has 79$/,
  ],
  [
    'weights that are too long',
    () => writeFileSync(join(copy, 'weights.bin'), Buffer.alloc(84)),
    /and weights\.bin has 84$/,
  ],
  [
    'whole numbers as weights',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[0].dtype = 'int32';
      }),
    /TensorFlow\.js cannot make a model of it: /,
  ],
  [
    'a weight of another name',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[0].name = 'other';
      }),
    /TensorFlow\.js cannot make a model of it: /,
  ],
  [
    'a weight of another shape',
    () =>
      describe((one) => {
        one.weightsManifest[0].weights[0].shape.reverse();
      }),
    /TensorFlow\.js cannot make a model of it: /,
  ],
  [
    'an unknown layer',
    () =>
      describe((one) => {
        one.modelTopology.config.layers[1].class_name = 'Mystery';
      }),
    /TensorFlow\.js cannot make a model of it: Unknown layer: Mystery/,
  ],
  [
    'metadata that is a text',
    () =>
      describe((one) => {
        one.userDefinedMetadata = 'x';
      }),
    /: what it says of the data is no object$/,
  ],
])('%s instead of a model is told', async (_, change, told) => {
  change();
  expect(await outcome()).toMatch(told);
});

test('whatever a value of the description is changed to, no other error comes of it', async () => {
  const places: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]) => {
    if (path.length > 0) places.push(path);
    if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
  };
  walk(json(), []);
  expect(places.length).toBeGreaterThan(80);
  let refused = 0;
  for (const path of places) {
    for (const replacement of [null, 'x', '__proto__', 'constructor', -1, 0.5, 1e8, [], {}, [[]], undefined]) {
      describe((one) => {
        const holder = path.slice(0, -1).reduce((inner, step) => inner[step], one);
        holder[path.at(-1)!] = replacement;
      });
      refused += Number((await outcome()) !== 'loaded');
    }
  }
  expect(refused).toBeGreaterThan(places.length);
}, 60_000);

test('nothing is read beside the folder, and a path to the file itself is told', async () => {
  writeFileSync(join(outside, 'weights.bin'), Buffer.alloc(80));
  describe((one) => {
    one.weightsManifest[0].paths = [join(outside, 'weights.bin')];
  });
  expect(await outcome()).toMatch(/not in weights\.bin alone$/);
  expect(await outcome(join(whole, 'model.json'))).toMatch(/^no-model: .*ENOTDIR/);
  expect(await outcome(join(folder, 'nowhere'))).toMatch(/^no-model: .*ENOENT/);
  // A folder of links is the user's word, as those of stores that keep contents elsewhere.
  for (const file of modelFiles) {
    rmSync(join(copy, file));
    symlinkSync(join(whole, file), join(copy, file));
  }
  expect(await outcome()).toBe('loaded');
});

test.each(activationNames)('a net with %s is loaded as it was', async (activation) => {
  const layers = [{ type: 'activation', name: 'a', options: { activation }, inputs: [-1] }];
  const model = buildModel(engine, chainOf([4], layers), 3);
  writeModel(copy, await saveModel(engine.tf, model), { inputs: [], targets: [] });
  const loaded = await loadLayersModel(engine.tf, copy);
  const x = engine.tf.tensor2d([[-2, -0.5, 0.5, 3]]);
  const [expected, found] = [model.layersModel, loaded].map((one) => (one.predict(x) as Tensor).dataSync());
  expect(found).toEqual(expected);
  x.dispose();
  loaded.dispose();
  model.dispose();
});

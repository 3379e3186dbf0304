import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type UserError, failure, misuse } from '../../base/diagnostics.ts';
import type { Emit } from '../../base/events.ts';
import { shorten } from '../../base/shorten.ts';
import { version } from '../../base/version.ts';
import { datasetRow, readyDataset } from '../../datasets/datasets.ts';
import type { ModelGraph } from '../../layers/build-model.ts';
import { type SavedNet, maskMisfit, withExplicitMasks, withoutExplicitMasks } from '../../layers/explicit-masks.ts';
import { maskOrigins } from '../../layers/lost-masks.ts';
import { wasmMisfit } from '../../layers/volume-classes.ts';
import { classRuleOf } from '../../training/class-rule.ts';
import { lossRow } from '../../training/losses.ts';
import { optionsOf } from '../../training/model-outputs.ts';
import { type Files, copyOf, proveModel } from '../export-model.ts';
import { type ReadModel, readTrainedModel } from '../load-trained-model.ts';
import { readGolden } from '../golden.ts';
import { readmeOf } from './package-readme.ts';
import { type Packaging, declarationsOf, quoted, sureOf, tfjs } from './package-types.ts';
import type { PackagedFacts } from './packaged-model.ts';

/** A package in memory. */
export interface ModelPackage {
  readonly name: string;
  /** What the pipeline is called. */
  readonly pipeline: string;
  readonly files: Files;
}

/** What a text of weights may be made from: JavaScript's are at most half a gigabyte. */
const mostBytes = 256e6;

/**
 * Makes an npm package of a trained model.
 *
 * @param folder of the model
 * @throws UserError where it is damaged, or cannot be made one
 */
export async function packageModel(folder: string, packaging: Packaging, emit: Emit): Promise<ModelPackage> {
  const { name } = packaging;
  if (name !== undefined && !isPackageName(name))
    throw misuse(
      'bad-package-name',
      `'${shorten(name)}' is no name of an npm package`,
      'Name it in small letters, digits, `-`, `_` and `.`, such as `penguin-species` or `@me/penguin-species`.',
    );
  const model = readTrainedModel(folder);
  readGolden(folder);
  const golden = (await proveModel(folder, emit)).filter((file) => file.startsWith('golden/'));
  await readyDataset(model.pipeline.data.source.type, 'rows');
  const facts = factsOf(model);
  const called = name ?? packageName(model.pipeline.name);
  const { weights } = model.saved;
  const text: Readonly<Record<string, string>> = {
    'package.json': `${JSON.stringify(manifestOf(called, model, packaging), null, 2)}\n`,
    'README.md': readmeOf({ ...facts, ...packaging, name: called }),
    'index.js': "import { model } from './model.js';\n\nexport const { predict, predictAll } = model;\n",
    'index.d.ts': declarationsOf(facts),
    'model.js': modelModule(facts),
    'test.js': testModule(wasmMisfit(facts.topology) === undefined ? ['cpu', 'wasm'] : ['cpu']),
    'weights.js': `export const weights =\n  '${Buffer.from(weights).toString('base64')}';\n`,
  };
  const dist = join(dirname(createRequire(import.meta.url).resolve('layerline/package.json')), 'dist');
  return {
    name: called,
    pipeline: model.pipeline.name,
    files: {
      ...Object.fromEntries(Object.entries(text).map(([file, content]) => [file, Buffer.from(content)])),
      'packaged.js': readFileSync(join(dist, 'packaged.js')),
      'THIRD-PARTY-LICENSES.txt': Buffer.concat([
        readFileSync(join(dist, '../LICENSE')),
        readFileSync(join(dist, 'PACKAGED-LICENSES.txt')),
      ]),
      ...copyOf(folder, golden),
    },
  };
}

interface Topology {
  readonly config: SavedNet;
}

/** Versions before wrote nets with masks otherwise. */
const topologyOf = (topology: Topology, graph: ModelGraph): Topology => ({
  ...topology,
  config: withExplicitMasks(withoutExplicitMasks(topology.config), graph),
});

/** What the package has to know. @throws UserError where it cannot be made one */
function factsOf({ pipeline, saved, graph, metadata }: ReadModel): PackagedFacts {
  const { inputs, targets, preparation } = metadata;
  const origins = maskOrigins(graph.layers);
  const masked = graph.outputs.find((layer) => origins[layer]!.length > 0);
  if (masked !== undefined)
    throw notPackageable(
      `what a mask leaves out is left out of its output \`${graph.layers[masked]!.name}\`, and plain TensorFlow.js ` +
        'does not tell it',
      'Take `pipeline export`, or train it without the mask of ' +
        `${origins[masked]!.map((layer) => `\`${graph.layers[layer]!.name}\``).join(', ')}.`,
    );
  const misfit = maskMisfit(graph);
  if (misfit !== undefined)
    throw notPackageable(
      `its layer \`${graph.layers[misfit.layer]!.name}\` reads a mask: ${misfit.reason}`,
      'Take `pipeline export --to keras`, or train it without the mask.',
    );
  const clash = targets.find(({ name }) => targets.some((other) => sureOf(other) === name));
  if (clash !== undefined)
    throw notPackageable(
      `it predicts \`${clash.name}\`, which is what a prediction calls how sure it is`,
      'Give the column of the data another name, and train the model anew.',
    );
  if (saved.weights.length > mostBytes)
    throw notPackageable(
      `its weights are ${Math.round(saved.weights.length / 1e6)} MB, and a package holds ${mostBytes / 1e6} MB`,
      'Take `pipeline export --to tfjs`, whose weights are a file of their own.',
    );
  const { type, options } = pipeline.data.source;
  // It also proves what was done to the data.
  const { kind, spectrogram } = datasetRow(type).rows({
    options,
    inputs,
    targets,
    ...(preparation && { preparation }),
  });
  const { decimal } = options as PackagedFacts['options'];
  const [{ weights: weightSpecs }] = saved.description['weightsManifest'] as [
    { readonly weights: PackagedFacts['weightSpecs'] },
  ];
  return {
    kind,
    options: { ...(decimal === undefined ? {} : { decimal }), ...(spectrogram && { spectrogram }) },
    inputs,
    targets,
    ...(preparation && { preparation }),
    rules: targets.map((target) => {
      if (target.kind === 'number') return null;
      return classRuleOf(target, lossRow(optionsOf(target, pipeline.train.outputs).loss.type));
    }),
    topology: topologyOf(saved.description['modelTopology'] as Topology, graph),
    weightSpecs,
  };
}

const notPackageable = (why: string, hint: string): UserError =>
  failure('not-packageable', `the model cannot be made a package: ${why}`, hint);

function manifestOf(name: string, { metadata }: ReadModel, { runId }: Packaging): object {
  return {
    name,
    version: '1.0.0',
    description: `A trained model that predicts ${metadata.targets.map((target) => target.name).join(', ')}`,
    license: 'UNLICENSED',
    type: 'module',
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
    files: ['*.js', 'index.d.ts', 'golden', 'THIRD-PARTY-LICENSES.txt'],
    sideEffects: false,
    engines: { node: '>=20.19' },
    scripts: { test: 'node --test test.js' },
    dependencies: { '@tensorflow/tfjs': '^4.22.0' },
    peerDependencies: { '@tensorflow/tfjs-backend-wasm': '^4.22.0' },
    peerDependenciesMeta: { '@tensorflow/tfjs-backend-wasm': { optional: true } },
    layerline: { version, ...(runId === undefined ? {} : { run: runId }), weightsSha256: metadata.weightsSha256 },
  };
}

/** JSON as a text, which is parsed faster than the same as a program, and is none whatever it holds. */
function modelModule(facts: PackagedFacts): string {
  return `import * as tf from '${tfjs}';
import { packagedModel } from './packaged.js';

const facts = JSON.parse(
  ${quoted(JSON.stringify(facts))},
);

export const model = packagedModel(tf, facts, async () => (await import('./weights.js')).weights);
`;
}

const testModule = (backends: readonly string[]): string => `import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as tf from '${tfjs}';
import { model } from './model.js';

// Else TensorFlow.js advertises its package for Node on the terminal.
tf.enableProdMode();

const read = (name) => readFile(new URL(\`./golden/\${name}.safetensors\`, import.meta.url));
const golden = { inputs: await read('inputs'), outputs: await read('outputs') };

async function loadWasm() {
  try {
    return await import('@tensorflow/tfjs-backend-wasm');
  } catch {
    return undefined;
  }
}

for (const backend of ${JSON.stringify(backends)}) {
  test(\`the golden rows of the run, on \${backend}\`, async (t) => {
    if (backend === 'wasm' && (await loadWasm()) === undefined)
      return t.skip('@tensorflow/tfjs-backend-wasm is not installed');
    assert.ok(await tf.setBackend(backend));
    const { worst, tolerance } = await model.replay(golden);
    assert.ok(worst <= tolerance, \`off by \${worst}, which may be \${tolerance}\`);
    t.diagnostic(\`worst difference \${worst.toExponential(1)}, tolerance \${tolerance.toExponential(1)}\`);
  });
}
`;

/** Whether npm takes a name for a new package (validate-npm-package-name). */
export function isPackageName(name: string): boolean {
  return (
    name.length <= 214 &&
    /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) &&
    !['node_modules', 'favicon.ico'].includes(name)
  );
}

/** A name that npm takes, like that of a pipeline. */
function packageName(pipeline: string): string {
  const plain = pipeline
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 100)
    .replace(/[._-]+$/, '');
  return isPackageName(plain) ? plain : 'trained-model';
}

import { parse, stringify } from 'yaml';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { type ConnectedLayer, type Model, type ModelGraph, buildModel } from '../../src/layers/build-model.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

/**
 * The layers of a list in compact or full form, each below the one before; in the form `from: [input, input]` where one
 * merges.
 */
export function layersOf(text: string): ConnectedLayer[] {
  const file = {
    name: 't',
    data: { source: 'mnist' },
    model: { layers: parse(text) as unknown },
    train: { optimizer: 'sgd', loss: 'softmaxCrossEntropy', epochs: 1 },
  };
  const { pipeline, diagnostics } = readPipeline({ name: 'test.yaml', text: stringify(file) });
  if (pipeline === undefined)
    throw new Error(diagnostics.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n'));
  const names = pipeline.layers.map(({ name }) => name);
  return pipeline.layers.map(({ type, name, options, from }, index) => ({
    type,
    name,
    options,
    inputs: from?.map((source) => names.indexOf(source)) ?? [index - 1],
  }));
}

/** The model of such a list. */
export function modelOf(engine: Engine, inputShape: readonly number[], text: string, seed = 1): Model {
  return buildModel(engine, chainOf(inputShape, layersOf(text)), seed);
}

/** The graph of layers that follow one another from one input; the last one is the output. */
export function chainOf(shape: readonly number[], layers: readonly ConnectedLayer[]): ModelGraph {
  return { inputs: [{ name: 'input', shape }], layers, outputs: [layers.length - 1] };
}

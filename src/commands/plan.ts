import { Command } from 'commander';
import { stringify } from 'yaml';
import { engineKind, whyEager } from '../engine/site.ts';
import { formatShape } from '../layers/layer.ts';
import { checkFile } from '../pipeline/check-pipeline.ts';
import { defaultFile } from '../pipeline/default-file.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Plan } from '../pipeline/plan.ts';
import { setOption } from './set-option.ts';

/** `pipeline plan`: what a file will do, before TensorFlow loads. */
export function planCommand(): Command {
  return new Command('plan')
    .description('Show the layers, shapes, parameters, operations and memory of a pipeline, without running it')
    .argument('[file]', 'pipeline file; without it, the one that package.json names under "pipeline"')
    .addOption(setOption())
    .option('--resolved', 'print the file in full form with every default instead')
    .option('--json', 'print the plan as JSON')
    .action((file: string | undefined, options: { resolved?: boolean; json?: boolean; set: readonly string[] }) => {
      const { plan, resolved, pipeline } = checkFile(file ?? defaultFile(), options.set);
      process.stdout.write(options.resolved ? stringify(resolved) : options.json ? `${JSON.stringify(plan)}\n` : describePlan(plan, plannedStep(pipeline.train.step)));
    });
}

/** How steps will be computed, as far as file and engine decide it; a run says what became of it. */
function plannedStep(wanted: Pipeline['train']['step']): string {
  const why = wanted === 'eager' ? 'as the file asks' : whyEager(engineKind());
  return why === undefined ? 'compiled' : `eager (${why})`;
}

/** The plan as text for people. */
function describePlan({ dataset, layers, parameters, flops, memory, samples, stepsPerEpoch }: Plan, step: string): string {
  const rows = [
    ['layer', 'type', 'output shape', 'parameters', 'FLOPs'],
    ['input', '', formatShape(dataset.inputShape), '', ''],
    ...layers.map((layer) => [layer.name, layer.type, formatShape(layer.outputShape), count(layer.parameters.trainable + layer.parameters.nonTrainable), count(layer.flops)]),
    ['total', '', '', count(parameters.trainable + parameters.nonTrainable), count(flops)],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd());
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const { data, weights, activations } = memory;
  return [
    lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1),
    '',
    `parameters  ${count(parameters.trainable)} trainable, ${count(parameters.nonTrainable)} not`,
    `FLOPs       ${count(flops)} per sample and forward pass; a training step costs about three times that per sample`,
    `memory      about ${megabytes(data + weights + activations)} beyond TensorFlow itself: data ${megabytes(data)}, weights with gradients and optimizer ${megabytes(weights)}, activations of a batch ${megabytes(activations)}`,
    `samples     ${count(samples.train)} training, ${count(samples.validation)} validation, ${count(samples.test)} test; ${count(stepsPerEpoch)} steps per epoch`,
    `step        ${step}`,
    '',
  ].join('\n');
}

const count = (value: number) => value.toLocaleString('en-US');
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

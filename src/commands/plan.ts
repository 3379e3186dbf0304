import { Command } from 'commander';
import { stringify } from 'yaml';
import { formatShape } from '../base/tensor-shape.ts';
import { placeToJson, showPlace } from '../base/print-diagnostics.ts';
import type { Plan } from '../plan/planned-model.ts';
import { listNames } from '../base/did-you-mean.ts';
import { showBytes, showCount, showDuration, showMemory } from '../base/quantities.ts';
import { augmentationRow } from '../datasets/augment/augmentations.ts';
import { engineKind, whyEager } from '../engine/install/engine-site.ts';
import { maskOrigins } from '../layers/lost-masks.ts';
import { maskMisfit } from '../layers/explicit-masks.ts';
import { onnxMisfit } from '../layers/onnx/onnx-model.ts';
import { describeRepetitions } from '../base/repetitions.ts';
import { countTrainings, repetitionSpace } from '../run/repetition-points.ts';
import { findCalibration } from '../run/calibrations.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { describeMemory, totalMemory } from '../plan/check-memory.ts';
import { type CheckedPipeline, checkFile } from '../plan/check-pipeline.ts';
import { view } from '../language/schema/schema-view.ts';
import { oneLine } from '../language/syntax/one-line.ts';
import { defaultFile } from '../language/default-file.ts';
import { type Forecast, forecastRun } from '../run/forecast.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { trainStage } from '../stages/train-stage.ts';
import { jsonOption, pipelineArgument, setOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface PlanOptions {
  readonly resolved?: boolean;
  readonly json?: boolean;
  readonly calibrate?: boolean;
  readonly set: readonly string[];
}

/** `pipeline plan`: what a file will do, before TensorFlow loads. */
export function planCommand(): Command {
  return new Command('plan')
    .description('Show the layers, shapes, parameters, operations, memory and time of a pipeline, without running it')
    .addArgument(pipelineArgument())
    .addOption(setOption())
    .option(
      '--calibrate',
      'measure first what its stages take on this machine: reads the data and trains for seconds; kept for later',
    )
    .option('--resolved', 'print the file in full form with every default instead')
    .addOption(jsonOption('print the plan as JSON'))
    .action(async (file: string | undefined, options: PlanOptions) => {
      const checked = await checkFile(file ?? defaultFile(), options.set, { emit: tellProgress() });
      const calibration = options.calibrate === true ? await calibrateAloud(checked) : findCalibration(checked);
      const forecast = calibration === undefined ? undefined : forecastRun(checked, calibration);
      if (options.resolved) process.stdout.write(stringify(hideSecretsIn(checked.resolved)));
      else if (options.json)
        process.stdout.write(`${JSON.stringify(hideSecretsIn(planForPrograms(checked, forecast)))}\n`);
      else process.stdout.write(describePlan(checked, forecast));
    });
}

async function calibrateAloud(checked: CheckedPipeline) {
  const { calibrateAndKeep } = await import('../run/budget.ts');
  return untilInterrupted((signal) => calibrateAndKeep({ checked, emit: tellProgress(), signal }));
}

/** How steps will be computed, as far as file and engine decide it; a run says what became of it. */
function plannedStep(wanted: Pipeline['train']['step']): string {
  const why = wanted === 'eager' ? 'as the file asks' : whyEager(engineKind());
  return why === undefined ? 'compiled' : `eager (${why})`;
}

/** The plan for programs. */
function planForPrograms(checked: CheckedPipeline, forecast: Forecast | undefined): object {
  const { augment = [] } = checked.pipeline.train;
  const space = repetitionSpace(checked.pipeline);
  return {
    ...checked.plan,
    augment,
    export: exportsOf(checked),
    forecast: forecast ?? null,
    ...(space && { trainings: countTrainings(space) }),
  };
}

/** The plan as text for people. */
function describePlan(checked: CheckedPipeline, forecast: Forecast | undefined): string {
  const { plan, pipeline } = checked;
  const { train } = pipeline;
  const { parameters, flops, activations, memory, samples, stepsPerEpoch } = plan;
  return [
    ...layerTable(plan),
    '',
    `parameters  ${showCount(parameters.trainable)} trainable, ${showCount(parameters.nonTrainable)} not`,
    `FLOPs       ${showCount(flops)} per sample and forward pass; ` +
      'a training step costs about three times that per sample',
    `activations ${showBytes(activations)} per sample, kept for the way back`,
    `memory      about ${showBytes(totalMemory(memory))} at its peak: ${describeMemory(memory)}`,
    `samples     ${showCount(samples.train)} training, ` +
      `${showCount(samples.validation)} validation, ${showCount(samples.test)} test; ` +
      `${showCount(stepsPerEpoch)} ${stepsPerEpoch === 1 ? 'step' : 'steps'} per epoch`,
    ...maskedOutputs(plan),
    ...describeNumbers(plan),
    ...describeAugment(train.augment),
    `export      ${describeExport(checked)}`,
    `step        ${plannedStep(train.step)}`,
    `forecast    ${describeForecast(forecast, train.epochs)}`,
    ...describeTrainings(checked, forecast),
    '',
  ].join('\n');
}

/** How many trainings there are, of which all above is one, and how long they take one after the other. */
function describeTrainings(
  { pipeline, plan: { dataset } }: CheckedPipeline,
  forecast: Forecast | undefined,
): readonly string[] {
  const space = repetitionSpace(pipeline);
  if (space === undefined) return [];
  const count = countTrainings(space);
  const { length: folds } = space.folds;
  const what = describeRepetitions({ repeat: space.seeds.length, ...(folds > 0 && { folds }) });
  const turns = dataset.drawsTest === true ? ', each the test once' : ', each validates once';
  const time = forecast === undefined ? '' : `, one after the other about ${showDuration(count * forecast.total)}`;
  return [`trainings   ${count} such (${what}${folds > 0 ? turns : ''})${time}`];
}

/** Which outputs count in part, and why. */
function maskedOutputs({ dataset: { targets }, layers, outputs }: Plan): readonly string[] {
  const origins = maskOrigins(layers);
  return outputs.flatMap((output, k) => {
    const names = origins[output]!.map((origin) => layers[origin]!.name);
    const masks = `${listNames(names)} ${names.length === 1 ? 'masks' : 'mask'}`;
    return names.length === 0 ? [] : [`loss        and metrics of \`${targets[k]!.name}\` leave out what ${masks}`];
  });
}

/** How the targets that are numbers will be trained on. */
function describeNumbers({ dataset: { targets }, asTheyAre }: Plan): readonly string[] {
  const told = targets.flatMap(({ kind, name }, k) => {
    if (kind !== 'number') return [];
    return [
      asTheyAre[k] === null
        ? `${name} standardized for training, told in its own unit`
        : `${name} as it is: ${asTheyAre[k]}`,
    ];
  });
  return told.length === 0 ? [] : [`numbers     ${told.join('; ')}`];
}

/** What training pictures are changed by: what the file says of each beyond defaults. */
function describeAugment(augment: Pipeline['train']['augment'] = []): readonly string[] {
  const told = augment.map(({ type, options }) => {
    const { properties = {} } = view(augmentationRow(type).options);
    const set = Object.entries(options).filter(([key, value]) => value !== properties[key]?.default);
    return set.length === 0 ? type : `${type} ${oneLine(Object.fromEntries(set))}`;
  });
  return told.length === 0 ? [] : [`augment     ${told.join(', ')}; in training alone`];
}

/** What the trained model can be exported to, beside what every one can; and what keeps it from the rest. */
function exportsOf(checked: CheckedPipeline) {
  const told = misfitsOf(checked).map(({ format, layer, reason }) => {
    if (layer === undefined) return [format, { possible: true }] as const;
    const { name, type } = checked.plan.layers[layer]!;
    const { file, line, column } = placeToJson(checked.pipeline.layers[layer]!.range);
    return [format, { possible: false, layer: name, type, file, line, column, reason }] as const;
  });
  return Object.fromEntries(told);
}

function describeExport(checked: CheckedPipeline): string {
  const told = misfitsOf(checked).flatMap(({ format, layer, reason }) => {
    // Nearly every net can be exported to TensorFlow.js.
    if (layer === undefined) return format === 'onnx' ? [format] : [];
    const { name, type } = checked.plan.layers[layer]!;
    const place = showPlace(checked.pipeline.layers[layer]!.range, process.cwd());
    const called = name.startsWith(type) ? name : `${type} \`${name}\``;
    return [`${format} no (${called}, layer ${layer + 1}, ${place}): ${reason}`];
  });
  return told.join('; ');
}

function misfitsOf({ plan: { layers } }: CheckedPipeline) {
  return [
    { format: 'onnx', ...onnxMisfit(layers) },
    { format: 'tfjs', ...maskMisfit({ layers }) },
  ];
}

function layerTable({ dataset, layers, parameters, flops, activations }: Plan): readonly string[] {
  const rows = [
    ['layer', 'type', 'output shape', 'parameters', 'FLOPs', 'activations'],
    ...dataset.inputs.map(({ name, shape }) => [name, '', formatShape(shape), '', '', '']),
    ...layers.map((layer) => [
      layer.name,
      layer.type,
      formatShape(layer.outputShape),
      showCount(layer.parameters.trainable + layer.parameters.nonTrainable),
      showCount(layer.flops),
      showBytes(layer.activations),
    ]),
    [
      'total',
      '',
      '',
      showCount(parameters.trainable + parameters.nonTrainable),
      showCount(flops),
      showBytes(activations),
    ],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [lines[0]!, rule, ...lines.slice(1, -1), rule, lines.at(-1)!];
}

function describeForecast(forecast: Forecast | undefined, epochs: number): string {
  if (forecast === undefined) return 'not calibrated on this machine: `pipeline plan --calibrate` takes some seconds';
  const { total, stages, epoch, memory, measuredAt } = forecast;
  const inEpochs = ` (${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} of ${showDuration(epoch)})`;
  const each = Object.entries(stages).map(
    ([name, seconds]) => `${name} ${showDuration(seconds)}${name === trainStage.name ? inEpochs : ''}`,
  );
  return (
    `about ${showDuration(total)} and ${showMemory(memory)}: ${each.join(', ')}; ` +
    `measured ${measuredAt.slice(0, 16).replace('T', ' ')} UTC`
  );
}

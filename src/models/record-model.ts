import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../base/files.ts';
import { onnxMisfit } from '../layers/onnx/onnx-model.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import type { DataRecord } from '../stages/data-record.ts';
import type { GoldenRows } from '../stages/golden-rows.ts';
import type { TrainOutcome } from '../stages/train-outcome.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { writeSafetensors } from './formats/safetensors.ts';
import { weightsOf } from './formats/tensor.ts';
import { provenFiles, sha256Of, writeGolden } from './golden.ts';
import { mlflowFiles } from './mlflow-model.ts';
import { writeModelYaml } from './model-yaml.ts';

/** What a run came to know of its model. */
export interface RecordedModel extends Pick<DataRecord, 'files' | 'preparation'> {
  readonly checked: CheckedPipeline;
  readonly trained: TrainOutcome;
  readonly golden: GoldenRows;
}

/**
 * What a run records beside `model.json` and `weights.bin`, so that the folder alone is enough for whoever uses the
 * model, wherever it is copied. The same model gives the same bytes.
 */
export async function recordModelFormats(run: TrackedRun, recorded: RecordedModel): Promise<void> {
  const {
    checked: { resolved },
    trained: { engine, weightsSha256, model },
    files,
    preparation,
  } = recorded;
  const folder = join(run.artifactDirectory, 'model');
  const formats: Readonly<Record<string, string | Uint8Array>> = {
    'weights.safetensors': writeSafetensors(weightsOf(model)),
    'model.yaml': writeModelYaml({ engine, weightsSha256, files, preparation, resolved }),
    ...(await onnxFiles(recorded)),
  };
  const written: Readonly<Record<string, string | Uint8Array>> = {
    ...formats,
    'weights.bin': model.weights,
    'model.json': readFileSync(join(folder, 'model.json')),
  };
  const sha256 = Object.fromEntries(
    provenFiles.flatMap((name) => (written[name] === undefined ? [] : [[name, sha256Of(written[name])]])),
  );
  const golden = Object.entries(writeGolden(recorded.golden, { engine, sha256 }));
  const content = { ...formats, ...Object.fromEntries(golden.map(([name, bytes]) => [`golden/${name}`, bytes])) };
  for (const [path, bytes] of Object.entries(content)) {
    writeFileAtomic(join(folder, path), bytes);
    run.artifact(`model/${path}`);
  }
  syncFolder(folder);
}

/** As many bytes of weights as fit into a file of ONNX, which has at most 2 GiB. */
const mostWeights = 2e9;

/** `model.onnx` with what MLflow loads it by; none where the net has no graph in ONNX, which `plan` tells. */
async function onnxFiles({
  checked: { pipeline, plan },
  trained: { model: saved, scales, weightsSha256 },
  golden: { inputs, outputs },
}: RecordedModel): Promise<Readonly<Record<string, string | Uint8Array>>> {
  if (onnxMisfit(plan.layers) !== undefined || saved.weights.length > mostWeights) return {};
  const { writeOnnx } = await import('./formats/onnx.ts');
  const onnx = writeOnnx({
    name: pipeline.name,
    graph: graphOf(plan),
    saved,
    targets: plan.dataset.targets,
    scales,
  });
  return {
    'model.onnx': onnx,
    ...mlflowFiles({ inputs, outputs, uuid: weightsSha256.slice(0, 32), bytes: onnx.length }),
  };
}

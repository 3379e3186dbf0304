import { createHash, randomBytes } from 'node:crypto';
import { writeFileAtomic } from '../../src/base/files.ts';
import { join } from 'node:path';
import type { Metric, RunStart, TrackedRun } from '../../src/tracking/tracker.ts';

/** The start of a run as `pipeline run` has it. */
export const sampleStart: RunStart = {
  experiment: 'mnist 손글씨',
  runName: 'mnist-1',
  startTime: 1_790_000_000_000.25,
  tags: { 'mlflow.user': 'ada', 'mlflow.source.name': 'pipelines/mnist.yaml', 'mlflow.source.type': 'LOCAL' },
};

/** The params of the sample run: an empty one, one of two lines, one in Hangul. */
export const sampleParams = {
  epochs: '15',
  'optimizer.learningRate': '0.001',
  empty: '',
  'two lines': 'a\nb\n',
  한글: '값',
} as const;

/** The values of one epoch, 1 to 15; epoch 3 has what JSON cannot say. */
export function epochMetrics(epoch: number): Metric[] {
  const timestamp = 1_790_000_000_000 + epoch * 1000 + 0.7;
  const loss = epoch === 3 ? NaN : 1 / epoch;
  return [
    { key: 'loss', value: loss, step: epoch, timestamp },
    { key: 'val_accuracy', value: epoch === 3 ? -Infinity : 1 - 0.1 / epoch, step: epoch, timestamp },
    { key: 'throughput/samples_per_second', value: 4000 + epoch, step: epoch, timestamp },
  ];
}

/** Writes artifacts of several kinds, one of a megabyte, and tells the run of them. */
export function recordArtifacts(run: TrackedRun): Record<string, string> {
  const files: Record<string, Buffer> = {
    'config/pipeline.yaml': Buffer.from('name: mnist\n'),
    'model/group1-shard1of1.bin': randomBytes(1_000_003),
    'reports/빈 파일 (1).txt': Buffer.alloc(0),
  };
  for (const [path, bytes] of Object.entries(files)) {
    writeFileAtomic(join(run.artifactDirectory, path), bytes);
    run.artifact(path);
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]),
  );
}

/** Two data set inputs of the sample run. */
export function recordInputs(run: TrackedRun): void {
  const part = { name: 'mnist', sourceType: 'local', source: '{"files":[]}', schema: '{"inputShape":[28,28,1]}' };
  run.inputs([
    { ...part, digest: 'a'.repeat(36), profile: '{"samples":55000}', context: 'training' },
    { ...part, digest: 'b'.repeat(64), profile: '{"samples":10000}', context: 'test' },
  ]);
}

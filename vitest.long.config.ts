import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const engine = 'test/set-up-engine.ts';
const long = {
  globalSetup: [engine],
  setupFiles: ['test/fix-seed.ts', 'test/ready-datasets.ts'],
  testTimeout: 1_200_000,
  hookTimeout: 600_000,
};

// What takes more than a minute, the longest first: a clean clone does not know how long files take, and Vitest then
// goes by their size, which would leave one of these for the end, with a core that has nothing to do.
const longest = [
  'faults/tracker',
  'mlflow/outages',
  'layers/loop',
  'faults/kill-resume',
  'mlflow/registry',
  'commands/resume',
  'slurm/executors-on-slurm',
  'ray/executors-on-ray',
  'using-the-model',
  'sweeps/driver',
  'commands/packages',
  'commands/init-kinds',
  'contract/variants',
  'commands/other-server',
  'commands/shown',
  'commands/export.browser',
  'commands/cache',
  'commands/remote-data',
  'engine/wasm-rows',
  'contract/pipelines',
];

// Of the project that comes last, so that no core is left with a long one at the end.
const longestOfLast = ['masked-outputs', 'training', 'masks', 'loops', 'layers', 'init-data', 'export'];

/**
 * What takes longest first, that all cores have work to the end; then project by project, so that a process of tests
 * that share one is kept.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['long', 'mlflow', 'optuna', 's3', 'ray', 'keras', 'nightly', 'alone'];
    const place = ({ project, moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.includes(`/test/${name}.`));
      return found === -1 ? longest.length + projects.indexOf(project.name) : found;
    };
    const placeInLast = ({ moduleId }: TestSpecification) => {
      const found = longestOfLast.findIndex((name) => moduleId.includes(`/test/keras/${name}.`));
      return found === -1 ? longestOfLast.length : found;
    };
    return (await super.sort(files)).toSorted(
      (one, other) => place(one) - place(other) || placeInLast(one) - placeInLast(other),
    );
  }
}

// What takes minutes, or needs more than Node. Much of it waits, so more files run at once than there are cores.
// `npm run test:long` has what each change is tried by; `npm run test:nightly` what breaks a run many times, waits for
// minutes or reads gigabytes, and then, one at a time, what measures time or memory, or uses all cores, and so needs
// the whole machine (`*.alone.nightly.test.ts`).
export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...long, name: 'long', include: ['test/**/*.{long,browser}.test.ts'] } },
      {
        test: {
          ...long,
          name: 'nightly',
          include: ['test/**/*.nightly.test.ts'],
          exclude: ['test/**/*.alone.nightly.test.ts'],
        },
      },
      { test: { ...long, name: 'alone', include: ['test/**/*.alone.nightly.test.ts'], maxWorkers: 1 } },
      {
        // With the real MLflow, which its set-up installs into a cache of its own.
        test: {
          name: 'mlflow',
          include: ['test/**/*.mlflow.test.ts'],
          globalSetup: [engine, 'test/mlflow/setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          isolate: false,
        },
      },
      {
        // With the real Keras, which its set-up installs beside MLflow.
        test: {
          name: 'keras',
          include: ['test/**/*.keras.test.ts'],
          globalSetup: [engine, 'test/keras/setup.ts'],
          setupFiles: ['test/fix-seed.ts', 'test/ready-datasets.ts'],
          testTimeout: 90_000,
          hookTimeout: 300_000,
          isolate: false,
        },
      },
      {
        // With the real Optuna.
        test: {
          name: 'optuna',
          include: ['test/**/*.optuna.test.ts'],
          globalSetup: ['test/optuna/setup.ts'],
          testTimeout: 90_000,
          isolate: false,
        },
      },
      {
        // With moto, a server of S3 that proves signatures with botocore.
        test: {
          ...long,
          name: 's3',
          include: ['test/**/*.s3.test.ts'],
          globalSetup: [engine, 'test/s3/setup.ts'],
        },
      },
      {
        // With the real Ray.
        test: {
          ...long,
          name: 'ray',
          include: ['test/**/*.ray.test.ts'],
          globalSetup: [engine, 'test/ray/setup.ts'],
        },
      },
    ],
  },
});

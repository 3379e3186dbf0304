import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const engine = 'test/set-up-engine.ts';
const elsewhere = ['test/**/*.long.test.ts', 'test/**/*.mlflow.test.ts', 'test/**/*.keras.test.ts'];
// Tests of what starts processes, holds locks or changes the environment, of time on the processor, and browsers.
const ofProcesses = [
  'test/{base,commands,engine,tracking}/**/*.test.ts',
  'test/{datasets/large-tables,language/large-files}.test.ts',
  'test/**/*.browser.test.ts',
];

/**
 * Project by project, so that a process of tests that share one is kept; what takes longest first, that both cores have
 * work to the end.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['keras', 'mlflow', 'processes', 'contract', 'layerline'];
    const place = ({ project }: TestSpecification) => projects.indexOf(project.name);
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

const ours = {
  globalSetup: [engine],
  setupFiles: ['test/fix-seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

// Two cores: the files that train, start servers or browsers are heavy, so no more than two run at once.
export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // These files share two processes: TensorFlow and the tables are loaded once for all of them.
        test: {
          ...ours,
          name: 'layerline',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...ofProcesses, 'test/contract/**'],
          isolate: false,
        },
      },
      {
        test: { ...ours, name: 'contract', include: ['test/contract/**/*.test.ts'] },
      },
      {
        test: { ...ours, name: 'processes', include: ofProcesses, exclude: elsewhere },
      },
      {
        // With the real MLflow, which its set-up installs into a cache of its own.
        test: {
          name: 'mlflow',
          include: ['test/**/*.mlflow.test.ts'],
          globalSetup: [engine, 'test/mlflow/setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        // With the real Keras, which its set-up installs beside MLflow.
        test: {
          name: 'keras',
          include: ['test/**/*.keras.test.ts'],
          globalSetup: [engine, 'test/keras/setup.ts'],
          setupFiles: ['test/fix-seed.ts'],
          testTimeout: 90_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

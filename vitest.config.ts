import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// What takes minutes, and what needs Keras, MLflow, Optuna or a browser, is in vitest.long.config.ts.
const elsewhere = ['long', 'nightly', 'mlflow', 'keras', 'optuna', 'ray', 's3', 'browser'].map(
  (kind) => `test/**/*.${kind}.test.ts`,
);
// Tests of what starts processes, holds locks or changes the environment.
const ofProcesses = 'test/{base,engine,tracking}/**/*.test.ts';

/**
 * Project by project, so that a process of tests that share one is kept; what takes longest first, that both cores have
 * work to the end.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['processes', 'commands', 'contract', 'layerline'];
    const place = ({ project }: TestSpecification) => projects.indexOf(project.name);
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

const ours = {
  globalSetup: ['test/set-up-engine.ts'],
  setupFiles: ['test/fix-seed.ts', 'test/ready-datasets.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

// Two cores: the files that train or start servers are heavy, so no more than two run at once.
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
          exclude: [...elsewhere, ofProcesses, 'test/{commands,contract}/**'],
          isolate: false,
        },
      },
      {
        // As do these; they are apart as each of them takes long.
        test: {
          ...ours,
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          exclude: elsewhere,
          isolate: false,
        },
      },
      {
        // As do these, which leave the work to processes of the real binary.
        test: {
          ...ours,
          name: 'commands',
          include: ['test/commands/**/*.test.ts'],
          exclude: elsewhere,
          isolate: false,
        },
      },
      {
        test: {
          ...ours,
          setupFiles: ['test/fix-seed.ts'],
          name: 'processes',
          include: [ofProcesses],
          exclude: elsewhere,
        },
      },
    ],
  },
});

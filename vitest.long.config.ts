import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const engine = 'test/set-up-engine.ts';
const long = {
  globalSetup: [engine],
  setupFiles: ['test/fix-seed.ts'],
  testTimeout: 1_200_000,
  hookTimeout: 600_000,
};

/** Project by project, so that a process of tests that share one is kept; what mostly waits first. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['long', 'mlflow', 'keras', 'draws', 'alone'];
    const place = ({ project }: TestSpecification) => projects.indexOf(project.name);
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

// What takes minutes, or needs more than Node: run by hand and by CI. Much of it waits, so more files run at once than
// there are cores; then, one at a time, those that measure time or memory and so need the whole machine
// (`*.alone.long.test.ts`).
export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: WaitingFirst },
    projects: [
      {
        test: {
          ...long,
          name: 'long',
          include: ['test/**/*.{long,browser}.test.ts'],
          exclude: ['test/**/*.alone.long.test.ts'],
        },
      },
      { test: { ...long, name: 'alone', include: ['test/**/*.alone.long.test.ts'], maxWorkers: 1 } },
      {
        // Tests of `npm test` that try more examples here: those that ask test/draws.ts how many.
        test: {
          ...long,
          name: 'draws',
          include: [
            'test/contract/activations.test.ts',
            'test/contract/onnx.test.ts',
            'test/run/longer-training.test.ts',
            'test/stages/resume.test.ts',
          ],
          env: { DRAWS: 'all' },
        },
      },
      {
        // With the real MLflow, which its set-up installs into a cache of its own.
        test: {
          name: 'mlflow',
          include: ['test/**/*.mlflow.test.ts'],
          globalSetup: [engine, 'test/mlflow/setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          isolate: false,
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
          isolate: false,
        },
      },
    ],
  },
});

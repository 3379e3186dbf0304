import { defineConfig } from 'vitest/config';

const engine = 'test/set-up-engine.ts';

// Two cores: the files that train, start servers or browsers are heavy, so no more than two run at once.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'layerline',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.long.test.ts', 'test/**/*.mlflow.test.ts', 'test/**/*.keras.test.ts'],
          globalSetup: [engine],
          setupFiles: ['test/fix-seed.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
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

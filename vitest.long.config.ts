import { defineConfig } from 'vitest/config';

// What takes minutes or the whole machine: run by hand and by CI, one file at a time.
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    globalSetup: ['test/set-up-engine.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

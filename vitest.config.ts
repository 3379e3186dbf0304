import { defineConfig } from 'vitest/config';

// Two cores: the files that train or start servers are heavy, so no more than two run at once.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/set-up-engine.ts'],
    exclude: ['test/**/*.long.test.ts'],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 300_000,
  },
});

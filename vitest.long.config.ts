import { defineConfig } from 'vitest/config';

const long = {
  globalSetup: ['test/set-up-engine.ts'],
  testTimeout: 1_200_000,
  hookTimeout: 600_000,
};

// What takes minutes: run by hand and by CI. Much of it waits, so two files run at once; then, one at a time, those
// that measure time or memory and so need the whole machine (`*.alone.long.test.ts`).
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...long,
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          exclude: ['test/**/*.alone.long.test.ts'],
        },
      },
      { test: { ...long, name: 'alone', include: ['test/**/*.alone.long.test.ts'], maxWorkers: 1 } },
    ],
  },
});

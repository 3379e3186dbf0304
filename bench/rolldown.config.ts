import { resolve } from 'node:path';
import { defineConfig } from 'rolldown';

const external = (id: string) => !id.startsWith('.') && !id.startsWith('/');

/** Node 20 does not run TypeScript: the bench is bundled to a place that git and npm know to leave alone. */
export default defineConfig([
  {
    input: { run: 'bench/run.ts', 'bare-loop': 'bench/bare-loop.ts', 'read-source': 'bench/read-source.ts' },
    platform: 'node',
    external,
    output: { dir: 'node_modules/.cache/layerline-bench', format: 'esm', cleanDir: true },
  },
  {
    // What watching labels costs shows beside steps that do not: there is no option for it.
    input: { 'bare-loop': 'bench/bare-loop.ts' },
    platform: 'node',
    external,
    plugins: [
      {
        name: 'unwatched-labels',
        resolveId: (id, importer) =>
          id.endsWith('/label-margins.ts') && importer?.endsWith('unwatched-labels.ts') === false
            ? resolve('bench/unwatched-labels.ts')
            : undefined,
      },
    ],
    output: { dir: 'node_modules/.cache/layerline-bench-unwatched', format: 'esm', cleanDir: true },
  },
]);

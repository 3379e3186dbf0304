import { dirname } from 'node:path';
import { defineConfig } from 'rolldown';

/** Node 20 does not run TypeScript: the faults are bundled to a place that git and npm know to leave alone. */
export default defineConfig({
  input: { run: 'test/faults/run.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  // What lies beside a source file does not lie beside the bundle.
  plugins: [
    {
      name: 'keep-dirname',
      transform: (code, id) => code.replaceAll('import.meta.dirname', JSON.stringify(dirname(id))),
    },
  ],
  output: { dir: 'node_modules/.cache/layerline-faults', format: 'esm', cleanDir: true },
});

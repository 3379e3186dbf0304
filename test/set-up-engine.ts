import { ensureEngine } from '../src/engine/install/install-engine.ts';

/** Before any test: the engine, set up where it is missing, as `pipeline run` does it. */
export default async function setUp(): Promise<void> {
  let phase = '';
  await ensureEngine({
    emit: (event) => {
      if (event.type !== 'engine-progress' || event.phase === phase) return;
      phase = event.phase;
      process.stdout.write(`engine: ${phase}\n`);
    },
  });
}

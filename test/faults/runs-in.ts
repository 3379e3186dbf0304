import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of all runs in a store. */
export function runsIn(store: string): string[] {
  if (!existsSync(store)) return [];
  const experiments = readdirSync(store).filter((name) => /^[1-9]\d*$/.test(name));
  return experiments.flatMap((experiment) =>
    readdirSync(join(store, experiment))
      .filter((name) => /^[0-9a-f]{32}$/.test(name))
      .map((name) => join(store, experiment, name)),
  );
}

/**
 * MLflow's number of a run's status; undefined where the process was killed before it wrote down that there is a run.
 */
export function statusOf(run: string): string | undefined {
  const meta = join(run, 'meta.yaml');
  return existsSync(meta) ? /^status: (\d)$/m.exec(readFileSync(meta, 'utf8'))?.[1] : undefined;
}

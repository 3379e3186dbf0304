import type { Rig } from '../rig.ts';

/** What is told of a run that is written as this program does. */
export interface Planted {
  readonly experiment?: string;
  readonly name?: string;
  readonly status?: number;
  readonly minutes: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, readonly number[]>>;
  readonly params?: Readonly<Record<string, string>>;
}

/** When the first of them began. */
export const begin = Date.UTC(2026, 0, 1);

/** Writes a run into the store of a rig as this program does. @param tags in place of those that it has; empty: none */
export function plantRun(
  rig: Rig,
  id: string,
  { experiment = '7', name = id.slice(0, 4), status = 3, minutes, ...more }: Planted,
): void {
  const folder = `runs/${experiment}/${id}`;
  rig.write(`runs/${experiment}/meta.yaml`, `experiment_id: "${experiment}"\nlifecycle_stage: "active"\nname: "e"\n`);
  const start = begin + minutes * 60_000;
  const end = status === 1 ? null : start + 90_000;
  const meta = { lifecycle_stage: 'active', run_name: name, start_time: start, end_time: end, status };
  const lines = Object.entries(meta).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  rig.write(`${folder}/meta.yaml`, lines.join(''));
  const tags = { 'pipeline.layerline': '0', 'mlflow.source.name': 'p.yaml', ...more.tags };
  for (const [key, value] of Object.entries(tags)) if (value !== '') rig.write(`${folder}/tags/${key}`, value);
  for (const [key, value] of Object.entries(more.params ?? {})) rig.write(`${folder}/params/${key}`, value);
  for (const [key, values] of Object.entries(more.metrics ?? {}))
    rig.write(`${folder}/metrics/${key}`, values.map((value, k) => `${start} ${value} ${k + 1}\n`).join(''));
}

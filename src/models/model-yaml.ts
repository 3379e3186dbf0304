import { stringify } from 'yaml';
import type { Source } from '../base/diagnostics.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { version } from '../base/version.ts';
import type { DataFile } from '../datasets/files/data-file.ts';

/** What made a model. */
export interface Origin {
  /** Name and version of what it was trained by. */
  readonly engine: string;
  readonly weightsSha256: string;
  readonly files: readonly DataFile[];
  /** Inputs, targets with their classes, counts of samples, what was fitted to the data. */
  readonly preparation: Readonly<Record<string, unknown>>;
  /** The pipeline with every default. */
  readonly resolved: unknown;
}

const key = 'pipeline:\n';

/** The text of `model.yaml`: all that a model's folder has to say for itself, the pipeline last. */
export function writeModelYaml({ engine, weightsSha256, files, preparation, resolved }: Origin): string {
  const about = { format: 1, layerline: version, engine, weightsSha256, data: { files }, ...preparation };
  const lines = stringify(hideSecretsIn(resolved)).split('\n');
  return `${stringify(hideSecretsIn(about))}${key}${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}`;
}

/**
 * The pipeline in a `model.yaml`, with its lines where they are in the file.
 *
 * @returns undefined where the text is not one that `writeModelYaml` gives
 */
export function pipelineIn({ name, text }: Source): Source | undefined {
  const at = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
  if (!text.startsWith(key, at)) return undefined;
  const [before, lines] = [text.slice(0, at + key.length), text.slice(at + key.length).split('\n')];
  if (lines.some((line) => line !== '' && !line.startsWith('  '))) return undefined;
  const blank = '\n'.repeat(before.split('\n').length - 1);
  return { name, text: blank + lines.map((line) => line.slice(2)).join('\n') };
}

/** The version of Layerline that a `model.yaml` says to be of. */
export function versionIn(text: string): string | undefined {
  return /^layerline: "?([^\s"]+)"?$/m.exec(text.split(`\n${key}`, 1)[0]!)?.[1];
}

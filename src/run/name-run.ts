import { hideSecrets } from '../base/secrets.ts';
import { shorten } from '../base/shorten.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { parseYaml } from '../language/syntax/parse-yaml.ts';
import { toValue } from '../language/syntax/source-tree.ts';
import { type Trial, nameTrial } from './trial.ts';

/** Characters of a run's name: MLflow's databases have room for 250. */
export const longestRunName = 250;

/**
 * What a run is called where nobody named it: by what sets it apart from others of its experiment, `mnist epochs=3`; by
 * its time where nothing was set.
 */
export function nameRun(
  { pipeline: { name }, settings }: Pick<CheckedPipeline, 'pipeline' | 'settings'>,
  trial: Trial | undefined,
  time: Date,
): string {
  // Where a run is recorded tells nothing of it, nor that it is one.
  const telling = settings
    .filter((setting) => !/^tracking\b|^repeat=/.test(setting))
    .map((setting) => withoutAddress(hideSecrets(setting)).replaceAll(/\s+/g, ' '));
  const lastKey = (setting: string) => setting.slice(0, setting.indexOf('=')).replace(/^.*\./, '');
  const short = telling.map((setting) => {
    const isAlone = telling.filter((other) => lastKey(other) === lastKey(setting)).length === 1;
    return shorten(isAlone ? lastKey(setting) + setting.slice(setting.indexOf('=')) : setting, 60);
  });
  const when = short.length > 0 ? [] : [time.toISOString().slice(0, 19).replaceAll(':', '')];
  return shorten(
    [name, ...(trial === undefined ? [] : [nameTrial(trial)]), ...short, ...when].join(' '),
    longestRunName,
  );
}

/**
 * A setting with its value left out where that holds an address, however YAML spells it: its query may be the key to
 * it.
 */
function withoutAddress(setting: string): string {
  const from = setting.indexOf('=') + 1;
  const { root } = parseYaml({ name: '', text: setting }, from);
  const texts = [setting, ...(root === undefined ? [] : [JSON.stringify(toValue(root))])];
  return root === undefined || texts.some((text) => text.includes('://')) ? `${setting.slice(0, from)}...` : setting;
}

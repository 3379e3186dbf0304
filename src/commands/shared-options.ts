import { Argument, Option } from 'commander';
import { misuse } from '../base/diagnostics.ts';
import { bareAddress, showAddress } from '../tracking/server/server-address.ts';

/** `[file]`: the pipeline file. @param many whether several may be named: `[files...]` */
export function pipelineArgument(many = false): Argument {
  const [name, what] = many ? ['[files...]', 'pipeline files; without them'] : ['[file]', 'pipeline file; without it'];
  return new Argument(name, `${what}, the one that package.json names under "pipeline"`);
}

/** How a run is named, to follow a `,` or `:`. */
export const runNames =
  'its id or a beginning of it; last, or last~2 for the one two before; best:val_accuracy; its pipeline file; ' +
  'a sweep file, for its best trial; its folder in the store; models:/NAME/3 or models:/NAME@ALIAS';

/** `<run>`: see findRun. */
export function runArgument(): Argument {
  return new Argument('<run>', runNames);
}

/** `<run>`: see findModel. */
export function modelArgument(): Argument {
  return new Argument('<run>', `${runNames}; or a folder that holds a model`);
}

/** `--set PATH=VALUE`, as often as one likes: lays values over the file. */
export function setOption(): Option {
  return new Option(
    '--set <path=value>',
    'replace one value of the file, such as train.epochs=3 or model.layers[0]="conv 5x5x32"; may be repeated',
  )
    .argParser((text: string, earlier: readonly string[]) => [...earlier, text])
    .default([], 'none');
}

/** `--json`: what is shown, for programs. */
export function jsonOption(description = 'print one JSON object'): Option {
  return new Option('--json', description);
}

/** `--tracking-uri URI`: an MLflow server. @param description what the command does with it */
export function trackingUriOption(description: string): Option {
  return new Option('--tracking-uri <uri>', description);
}

/** `--runs FOLDER`. An address there would become a folder of that name. */
export function runsOption(description = 'the local store'): Option {
  return new Option('--runs <folder>', description).default('runs').argParser((text) => {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(bareAddress(text))) return text;
    const hint = 'give a folder there; the address of a server belongs behind --tracking-uri (`pipeline sync`: --to)';
    throw misuse('runs-folder', `--runs names a folder, and '${showAddress(text)}' is an address`, hint);
  });
}

import { Option } from 'commander';
import { misuse } from '../base/diagnostics.ts';
import { bareAddress, showAddress } from '../tracking/server/server-address.ts';

/** `--runs FOLDER`. An address there would become a folder of that name. */
export function runsOption(description = 'the local store'): Option {
  return new Option('--runs <folder>', description).default('runs').argParser((text) => {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(bareAddress(text))) return text;
    const hint = 'give a folder there; the address of a server belongs behind --tracking-uri (`pipeline sync`: --to)';
    throw misuse('runs-folder', `--runs names a folder, and '${showAddress(text)}' is an address`, hint);
  });
}

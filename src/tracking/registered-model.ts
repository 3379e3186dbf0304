import type { Misfit } from '../base/row.ts';

/** A version of a registered model, as a user names it: by its number, or by an alias that points to it. */
export type VersionName =
  | { readonly version: string; readonly alias?: never }
  | { readonly alias: string; readonly version?: never };

/** `models:/NAME/3` and `models:/NAME@ALIAS`, as MLflow writes them; undefined for anything else. */
export function parseModelUri(uri: string): ({ readonly name: string } & VersionName) | undefined {
  const [, name, alias, version] = /^models:\/{1,3}([^/:@]+)(?:@([\w-]{1,255})|\/([1-9]\d{0,9}))$/.exec(uri) ?? [];
  if (name === undefined) return undefined;
  return alias === undefined ? { name, version: version! } : { name, alias };
}

/** What of a name is none that MLflow's stores take, and that `models:/NAME` can hold. */
export function modelNameMisfit(name: string): Misfit | undefined {
  if (/^(?=\S)[^/\\:@%"'\p{Cc}]{1,200}$/u.test(name) && !/^\.{1,2}$|\s$/.test(name)) return undefined;
  return {
    problem: `'${name.slice(0, 100)}' cannot be the name of a registered model`,
    hint: 'It has 1 to 200 characters, none of them / \\ : @ % or a quotation mark.',
  };
}

/** The same of an alias. */
export function aliasMisfit(alias: string): Misfit | undefined {
  if (/^[\w-]{1,255}$/.test(alias) && !/^(v\d+|latest)$/i.test(alias)) return undefined;
  return {
    problem: `'${alias.slice(0, 100)}' cannot be an alias`,
    hint: 'It has letters, digits, _ and -; MLflow keeps `latest`, and such as `v3`, for itself.',
  };
}

import type { RemoteName } from '../remote-store.ts';

/** The parts of a name. @throws TypeError where it is none: it would lead elsewhere */
export function partsOfName(name: RemoteName): readonly string[] {
  if (!/^(outcomes|data|jobs)(\/[a-z0-9-]{1,100}){1,3}$/.test(name)) throw new TypeError(`'${name}' is no name`);
  return name.split('/');
}

import { UserError } from './diagnostics.ts';
import { version } from './version.ts';

/**
 * Reads what a version of Layerline recorded.
 *
 * @param recorded that version, as the record says it; undefined where it does not
 * @throws what `read` throws; with that said, where it is mistakes in the record of another version
 */
export function readOfVersion<T>(recorded: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isKnown = recorded !== undefined && /^\d[\w.+-]{0,40}$/.test(recorded);
    if (!(error instanceof UserError) || !isKnown || recorded === version) throw error;
    const [last, ...before] = error.diagnostics.toReversed();
    const said = `Layerline ${recorded} recorded it, and this is ${version}: use that version, or train again.`;
    const hint = [last!.hint, said].filter(Boolean).join(' ');
    throw new UserError([...before.toReversed(), { ...last!, hint }], error.exitCode, { cause: error });
  }
}

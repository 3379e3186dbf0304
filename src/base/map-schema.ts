import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';

/**
 * Schema of a map whose keys are the user's. `Type.Record` makes the same, and brings along 100 KB that compute types,
 * which every command would wait for.
 *
 * @param pattern of its keys
 */
export function mapOf<Value extends TSchema>(
  value: Value,
  about: Readonly<Record<string, unknown>>,
  pattern = '^.*$',
): TUnsafe<Record<string, Static<Value>>> {
  return Type.Unsafe<Record<string, Static<Value>>>({
    type: 'object',
    patternProperties: { [pattern]: value },
    ...about,
  });
}

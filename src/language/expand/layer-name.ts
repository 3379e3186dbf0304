/** What the name of a layer is. */
export const layerNamePattern = '^[A-Za-z][A-Za-z0-9_.-]{0,99}$';

/** Whether a text can be the name of a layer. */
export function isLayerName(text: string): boolean {
  return new RegExp(layerNamePattern).test(text);
}

/**
 * The name of a layer that is nearest to a text which is none: `layer_1st` for `1st`; undefined where there is none.
 */
export function suggestLayerName(text: string): string | undefined {
  if (isLayerName(text)) return undefined;
  const signs = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[_.-]+/, '');
  if (signs === '') return undefined;
  return (/^\d/.test(signs) ? `layer_${signs}` : signs).slice(0, 100);
}

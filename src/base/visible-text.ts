/** Characters that a terminal obeys instead of showing them, and those that hide or turn the text around them. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;

/** Characters that take two columns: East Asian wide and full-width ones, and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}/u;

/**
 * A text that is safe to send to a terminal and shows what is in it: control characters as their pictures (U+2400 on),
 * invisible ones as `<U+200B>`, a tab as four spaces.
 */
export function makeVisible(text: string): string {
  return text.replaceAll(unseen, (char) => {
    const code = char.codePointAt(0)!;
    if (char === '\t') return '    ';
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Columns that a text takes in a terminal. */
export function displayWidth(text: string): number {
  // The first segmenter takes 10 ms, which whoever made a mistake would wait for.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += widthOf(segment);
  return width;
}

function widthOf(segment: string): number {
  // U+FE0F makes an emoji of a sign: of a heart, two columns.
  if (wide.test(segment) || segment.includes('\ufe0f')) return 2;
  return /^\p{M}+$/u.test(segment) ? 0 : 1;
}

/** The beginning of a text that takes no more than so many columns of a terminal; of one that takes more with dots. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const dots = '.'.repeat(Math.max(0, Math.min(3, columns - 1)));
  let [cut, free] = ['', columns - dots.length];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    free -= widthOf(segment);
    if (free < 0) break;
    cut += segment;
  }
  return cut + dots;
}

/** The shipped font first, so that pictures come out alike everywhere; the report falls back to what the reader has. */
export const FONT = 'Inter, system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif';

// What XML 1.0 cannot hold (control characters, lone surrogates), and what turns the reading direction around.
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/** The text with a box (one that our font has) for each character that XML forbids or that turns the reading direction. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u25a1');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text as content or attribute value of XML and HTML: whatever it holds, it stays text. */
export function escape(text: string): string {
  return printable(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);
}

// Advance widths of Inter Regular in em, by groups of characters that differ by little.
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[iljI!,.:;'|`\s\u00b7]/u, 0.28],
  [/[tfr()[\]/\\1{}-]/u, 0.38],
  [/[a-z0-9_"^?#$]/u, 0.585],
  [/[\p{Lu}&+<>=~*\u2026]/u, 0.7],
  [/[\u{c0}-\u{52f}]/u, 0.585],
];
const WIDE: Readonly<Record<string, number>> = { m: 0.88, w: 0.82, M: 0.9, W: 1.01, '@': 0.97, '%': 0.98, J: 0.57, L: 0.57, E: 0.6, F: 0.59 };

function charWidth(char: string): number {
  return WIDE[char] ?? WIDTHS.find(([group]) => group.test(char))?.[1] ?? 1;
}

/** Width of a line of text in our font, in the unit of `size`; within about a tenth of the real one. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const char of text) em += charWidth(char);
  return em * size;
}

/** The text on one line, cut with an ellipsis where it is wider than `width`. */
export function fitText(text: string, width: number, size: number): string {
  const line = printable(text).replace(/\s+/g, ' ');
  if (textWidth(line, size) <= width) return line;
  let room = width / size - charWidth('…');
  let cut = '';
  for (const char of line) {
    room -= charWidth(char);
    if (room < 0) break;
    cut += char;
  }
  return `${cut.trimEnd()}…`;
}

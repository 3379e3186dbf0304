/** The shipped font first, so that pictures come out alike everywhere; the report falls back to what the reader has. */
export const FONT = 'Inter, system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif';

// What XML 1.0 cannot hold (control characters, lone surrogates), and what turns the reading direction around.
const UNPRINTABLE =
  /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/**
 * The text with a box (one that our font has) for each character that XML forbids or that turns the reading direction.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u25a1');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

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
const WIDE: Readonly<Record<string, number>> = {
  m: 0.88,
  w: 0.82,
  M: 0.9,
  W: 1.01,
  '@': 0.97,
  '%': 0.98,
  J: 0.57,
  L: 0.57,
  E: 0.6,
  F: 0.59,
};

function charWidth(char: string): number {
  return WIDE[char] ?? WIDTHS.find(([group]) => group.test(char))?.[1] ?? 1;
}

/** Width of a line of text in our font, in the unit of `size`; within about a tenth of the real one. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const char of text) em += charWidth(char);
  return em * size;
}

/**
 * Texts on one line each, those that are wider than `width` cut so that what differs still does: most names differ at
 * their end.
 */
export function fitTexts(texts: readonly string[], width: number, size: number): readonly string[] {
  const lines = texts.map(onOneLine);
  const ways: readonly ((line: string, k: number) => string)[] = [
    (line) => keepEnd(line, width, size),
    (line) => fitText(`…${[...line].slice(placeOfDifference(line, lines)).join('')}`, width, size),
    (line, k) => fitText(`${k + 1} ${line}`, width, size),
  ];
  return ways.reduce(
    (short, way) => {
      const meant = new Map<string, Set<string>>();
      short.forEach((line, k) => meant.set(line, (meant.get(line) ?? new Set()).add(texts[k]!)));
      return short.map((line, k) => (meant.get(line)!.size > 1 ? way(lines[k]!, k) : line));
    },
    lines.map((line) => fitText(line, width, size)),
  );
}

/** The first characters, and as many of the last as there is room for. */
function keepEnd(line: string, width: number, size: number): string {
  const characters = [...line];
  const head = `${characters.slice(0, 3).join('')}…`;
  let room = width / size - textWidth(head, 1);
  let from = characters.length;
  while (from > 3 && (room -= charWidth(characters[from - 1]!)) >= 0) from--;
  return fitText(head + characters.slice(from).join(''), width, size);
}

/** Before where a line parts from the one that it is alike for longest. */
function placeOfDifference(line: string, lines: readonly string[]): number {
  const characters = [...line];
  const alike = lines
    .filter((other) => other !== line)
    .map((other) => {
      const others = [...other];
      return characters.findIndex((character, i) => character !== others[i]);
    });
  return Math.max(1, ...alike) - 1;
}

const onOneLine = (text: string): string => printable(text).replace(/\s+/g, ' ');

/** The text on one line, cut with an ellipsis where it is wider than `width`. */
export function fitText(text: string, width: number, size: number): string {
  const line = onOneLine(text);
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

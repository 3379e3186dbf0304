/** A word of a compact text, and where it is in it. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A compact text taken apart: `normal(0, 0.1)` and `conv 3x3x32 same` alike are a name and words. */
export interface CompactParts {
  readonly name: Word;
  readonly words: readonly Word[];
  /** Offset of a parenthesis without counterpart. */
  readonly unbalanced?: number;
}

/**
 * Takes a compact text apart. Words are separated by spaces, arguments by commas; spaces in parentheses do not count.
 */
export function splitCompactText(text: string): CompactParts {
  const unbalanced = findUnbalanced(text);
  const nameEnd = text.search(/[\s(]|$/);
  const name = { text: text.slice(0, nameEnd), start: 0, end: nameEnd };
  if (unbalanced !== undefined) return { name, words: [], unbalanced };
  let rest = nameEnd;
  let inside: readonly Word[] = [];
  if (text[nameEnd] === '(') {
    const close = closingParenthesis(text, nameEnd);
    inside = pieces(text, nameEnd + 1, close, ',');
    if (inside.length === 1 && inside[0]!.text === '') inside = [];
    rest = close + 1;
  }
  const after = pieces(text, rest, text.length, ' ').filter((word) => word.text !== '');
  return { name, words: [...inside, ...after] };
}

function pieces(text: string, from: number, to: number, separator: ',' | ' '): Word[] {
  const found: Word[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    const char = i === to ? separator : text[i]!;
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (depth === 0 && (char === separator || (separator === ' ' && /\s/.test(char)))) {
      found.push(trimmed(text, start, i));
      start = i + 1;
    }
  }
  return found;
}

function trimmed(text: string, from: number, to: number): Word {
  const raw = text.slice(from, to);
  const start = from + (raw.length - raw.trimStart().length);
  const word = raw.trim();
  return { text: word, start, end: start + word.length };
}

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

function findUnbalanced(text: string): number | undefined {
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') open.push(i);
    if (text[i] === ')' && open.pop() === undefined) return i;
  }
  return open.at(-1);
}

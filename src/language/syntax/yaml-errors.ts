import type { YAMLError } from 'yaml';
import { type Diagnostic, mistake, type Source } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { openBrackets } from './nesting-limit.ts';
import { likeAnyOther, oddInLine } from './odd-characters.ts';
import { shorten } from '../../base/shorten.ts';

/** What is wrong, where, and the way out. */
interface Explanation {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
  readonly code?: Code;
}

/** The line that an offset lies in. */
interface Line {
  readonly text: string;
  readonly start: number;
  /** Where its first word begins. */
  readonly wordStart: number;
}

/** The library can go wrong at every character of a long text; whoever reads this sees why after a few. */
const errorLimit = 50;

/**
 * The YAML library's errors in our words; of those that follow from another, the first.
 *
 * @param text what the library read, as long as the source
 */
export function explainYamlErrors(source: Source, text: string, errors: readonly YAMLError[]): readonly Diagnostic[] {
  const inOrder = [...errors].sort((a, b) => a.pos[0] - b.pos[0]).slice(0, errorLimit);
  const byLine = new Map<number, Diagnostic>();
  /** Lines that the library complained about, where that was not the line to look at. */
  const told = new Set<number>();
  for (const error of inOrder) {
    const { message, hint, code, ...place } = explain(text, error);
    const start = Math.min(place.start, text.length);
    const end = Math.min(Math.max(place.end, start), text.length);
    const line = lineAt(text, start).start;
    const toldLine = lineAt(text, error.pos[0]).start;
    if (byLine.has(line) || told.has(toldLine) || [...byLine.values()].some((other) => other.message === message))
      continue;
    told.add(toldLine);
    byLine.set(line, mistake(code ?? 'yaml-syntax', message, { source, start, end }, hint));
  }
  const syntax = [...byLine.values()].filter(({ code }) => code === 'yaml-syntax');
  // After an open bracket or quote, or a tab, everything below it is a guess.
  const open = syntax.findIndex(
    ({ message }) =>
      message.includes('never closed') ||
      message.startsWith('A tab') ||
      message.startsWith('Between brackets') ||
      message.includes(likeAnyOther),
  );
  const dropped = new Set(open < 0 ? [] : syntax.slice(open + 1));
  return [...byLine.values()].filter((diagnostic) => !dropped.has(diagnostic));
}

function explain(text: string, error: YAMLError): Explanation {
  const [start, end] = error.pos;
  const word = { start, end };
  const other = unquotedArithmetic(text, start) ?? oddCharacter(text, start);
  if (other !== undefined) return other;
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return {
        ...word,
        message: 'A tab indents this line; YAML takes only spaces there.',
        hint: 'Indent with two spaces per level.',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        ...word,
        message: `\`${text.slice(start, start + 2)}\` means nothing between double quotes.`,
        hint: 'Use single quotes: they take a backslash as it is.',
      };
    case 'BAD_SCALAR_START':
      return { ...word, message: `A text cannot start with \`${text[start]}\`.`, hint: 'Put it in quotes.' };
    case 'TAG_RESOLVE_FAILED':
      return {
        ...word,
        code: 'yaml-tag',
        message: `\`${shorten(text.slice(start, end))}\` is a YAML tag; a pipeline file takes plain values only.`,
        hint: 'Remove it, or put the text in quotes. A pipeline file can never run code.',
      };
    case 'BAD_DIRECTIVE':
      return {
        ...word,
        message: `\`${shorten(text.slice(start, end))}\` is no YAML directive.`,
        hint: 'Remove the line.',
      };
    case 'BLOCK_IN_FLOW':
      return explainMissingComma(text, start, end);
    case 'BAD_ALIAS':
      return { ...word, message: 'A text cannot start with `*`.', hint: 'Put it in quotes.' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return explainSecondColon(text, start);
    case 'BAD_INDENT':
    case 'MISSING_CHAR':
    case 'MULTILINE_IMPLICIT_KEY':
      return explainUnfinished(text, error);
    default:
      return explainUnexpected(text, error);
  }
}

/** What is no space, quote, dash or colon to YAML: on this line, or as a tab before one of its neighbours. */
function oddCharacter(text: string, offset: number): Explanation | undefined {
  const line = lineAt(text, offset);
  const [above, below] = [Math.max(0, line.start - 1), Math.min(text.length, line.start + line.text.length + 1)].map(
    (at) => lineAt(text, at),
  );
  const tabbed = [above!, line, below!].find((one) => /^ *\t\s*[^\s#]/.test(one.text));
  if (tabbed !== undefined) {
    const start = tabbed.start + tabbed.text.indexOf('\t');
    return {
      start,
      end: start + 1,
      message: 'A tab indents this line; YAML takes only spaces there.',
      hint: 'Indent with two spaces per level.',
    };
  }
  const found = oddInLine(line.text);
  return (
    found && { start: line.start + found.at, end: line.start + found.at + 1, message: found.message, hint: found.hint }
  );
}

/** `[conv 1x1x${4*n}]`: between brackets, a brace is YAML's own. */
function unquotedArithmetic(text: string, offset: number): Explanation | undefined {
  const line = lineAt(text, offset);
  const found = /\$\{[^}]*\}?/.exec(line.text);
  if (found === null || (line.text.slice(0, found.index).match(/['"]/g)?.length ?? 0) % 2 === 1) return undefined;
  let first = found.index;
  while (first > 0 && !/[\s,[{'"]/.test(line.text[first - 1]!)) first--;
  const word = line.text.slice(first, found.index) + found[0];
  const start = line.start + first;
  if (openBrackets(text.slice(0, start)).length === 0) return undefined;
  return {
    start,
    end: start + word.length,
    message: `Between brackets, \`${shorten(word)}\` needs quotes around its text.`,
    hint: `Write it as in \`["conv 1x1x\${4*filters} same", relu]\`.`,
  };
}

function explainMissingComma(text: string, start: number, end: number): Explanation {
  const next = /^\S+\s+([\w-]+):/.exec(text.slice(start, end));
  const from = next === null ? start : start + next[0].length - next[1]!.length - 1;
  const hint = 'Put commas between the items, as in `{ a: 1, b: 2 }`.';
  return next === null
    ? { start, end, message: 'A list or map without brackets cannot stand inside brackets.', hint }
    : { start: from, end: from + next[1]!.length, message: `A comma is missing before \`${next[1]}\`.`, hint };
}

function explainUnfinished(text: string, error: YAMLError): Explanation {
  const start = error.pos[0];
  if (error.message.startsWith('Missing closing'))
    return unclosed(text.lastIndexOf(error.message.includes('"') ? '"' : "'", start), 'quote', text);
  if (error.message.startsWith('Flow')) {
    const open = openBrackets(text.slice(0, start));
    const closer = text[start];
    if (open.length > 0 && (closer === ']' || closer === '}')) {
      const opener = text[open.at(-1)!];
      return {
        start,
        end: start + 1,
        message: `\`${closer}\` stands where the \`${opener}\` before it wants \`${opener === '[' ? ']' : '}'}\`.`,
      };
    }
    return unclosed(open[0] ?? start, 'bracket', text);
  }
  const line = lineAt(text, start);
  if (error.message.startsWith('All')) {
    const first = lineAt(text, firstWordFrom(text, start));
    if (/^-[^\s-]/.test(text.slice(first.wordStart))) return noSpaceAfterDash(first);
    return {
      ...wordsOf(first),
      message: 'This line starts at another column than the lines it belongs to.',
      hint: 'Give all keys of a map, and all items of a list, the same indentation.',
    };
  }
  if (error.code === 'BAD_INDENT')
    return { ...wordsOf(line), message: 'This line is not indented far enough for the text it belongs to.' };
  return explainNoValue(text, line);
}

/** A line that should be `key: value` or `- item` and is neither. */
function explainNoValue(text: string, line: Line): Explanation {
  const glued = /^((?:- +)*)([\w-]+):([^\s:/].*)$/.exec(line.text.slice(line.wordStart - line.start));
  if (glued !== null) {
    const start = line.wordStart + glued[1]!.length;
    return {
      start,
      end: start + glued[2]!.length + 1,
      message: `A space is missing after the colon of \`${shorten(glued[2]!)}\`.`,
      hint: `Write \`${shorten(glued[2]!)}: ${shorten(glued[3]!.trim())}\`.`,
    };
  }
  const { start, end } = wordsOf(line);
  const words = text.slice(start, end);
  if (/^-(\s|$)/.test(words))
    return {
      start,
      end,
      message: 'This list item starts at another column than the list it belongs to.',
      hint: 'Indent all items of a list alike.',
    };
  const pair = /^([A-Za-z]\w*)\s+(\S.*)$/.exec(words);
  return {
    start,
    end,
    message: `\`${shorten(words)}\` is neither \`key: value\` nor a list item.`,
    hint: pair === null ? 'Put a colon and a value after the key.' : `Write \`${pair[1]}: ${shorten(pair[2]!)}\`.`,
  };
}

function explainSecondColon(text: string, start: number): Explanation {
  const line = lineAt(text, start);
  const rest = line.text.slice(start - line.start);
  if (rest.trimStart().startsWith('- ')) return explainNoValue(text, line);
  if (/:(\s|$)/.test(rest)) {
    const key = /^[^:]*/.exec(rest)![0];
    return {
      start,
      end: start + rest.trimEnd().length,
      message: `A second \`key: value\` on the same line: \`${shorten(rest.trim())}\`.`,
      hint:
        `Put \`${shorten(key.trim())}\` on a line of its own, indented further, ` +
        `or write \`{ ${shorten(rest.trim())} }\`.`,
    };
  }
  const below = lineAt(text, firstWordFrom(text, line.start + line.text.length));
  return {
    ...wordsOf(below),
    message: 'This line is indented further than the one above, which already has its value.',
    hint: 'Give both the same indentation.',
  };
}

function explainUnexpected(text: string, error: YAMLError): Explanation {
  const [start, end] = error.pos;
  const token = text.slice(start, Math.max(end, start + 1));
  const line = lineAt(text, start);
  if (error.message.includes('on same line with key'))
    return {
      ...restOf(line, start),
      message: 'A list item cannot start on the line of its key.',
      hint: 'Put it on the next line, or write the list in brackets: `[a, b]`.',
    };
  if (text.slice(start).trim() === '')
    return {
      start,
      end,
      message: 'The text ends too early.',
      hint: 'Look at the line above: something in it is not finished.',
    };
  if (token === ',') return { start, end, message: 'There is nothing before this comma.', hint: 'Remove it.' };
  if (token === ']' || token === '}')
    return {
      start,
      end,
      message: `\`${token}\` closes nothing.`,
      hint: 'Remove it, or open the bracket it belongs to.',
    };
  if (/^-[^\s-]/.test(text.slice(line.wordStart))) return noSpaceAfterDash(line);
  const quote = /['"]/.exec(line.text.slice(0, start - line.start));
  if (quote !== null)
    return {
      ...restOf(line, start),
      message: `\`${shorten(text.slice(start, restOf(line, start).end))}\` stands after the end of a text in quotes.`,
      hint:
        quote[0] === "'"
          ? "Write a quote inside single quotes twice: `'it''s'`."
          : 'Put a backslash before a quote inside double quotes.',
    };
  return {
    ...restOf(line, start),
    message: `\`${shorten(text.slice(start, restOf(line, start).end))}\` does not belong here.`,
    hint: 'Look at its indentation: the keys of a map, and the items of a list, start at the same column.',
  };
}

function noSpaceAfterDash(line: Line): Explanation {
  return {
    ...wordsOf(line),
    message: 'A space is missing after the dash.',
    hint: `Write \`- ${shorten(line.text.trim().slice(1))}\`.`,
  };
}

function unclosed(start: number, what: string, text: string): Explanation {
  const at = Math.max(start, 0);
  return {
    start: at,
    end: at + 1,
    message: `This ${what} (\`${text[at]}\`) is never closed.`,
    hint: `Close it with \`${closers[text[at]!] ?? text[at]}\`.`,
  };
}

const closers: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', start);
  const line = text.slice(start, next < 0 ? undefined : next);
  return { text: line, start, wordStart: start + /^\s*/.exec(line)![0].length };
}

function wordsOf(line: Line): { start: number; end: number } {
  return {
    start: line.wordStart,
    end: Math.max(line.wordStart, line.start + line.text.replace(/\s+#.*$/, '').trimEnd().length),
  };
}

function restOf(line: Line, start: number): { start: number; end: number } {
  return { start, end: Math.max(wordsOf(line).end, start + 1) };
}

function firstWordFrom(text: string, offset: number): number {
  const found = text.slice(offset).search(/\S/);
  return found < 0 ? offset : offset + found;
}

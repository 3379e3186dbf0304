import { CST, Lexer } from 'yaml';

/** Levels of lists and maps inside each other that a pipeline file may have; the deepest sensible one has a dozen. */
export const nestingLimit = 64;

/**
 * Where a text nests deeper than the limit, without parsing it: the parser recurses, and deep enough it ends the
 * process with an error that nothing can catch.
 */
export function findTooDeep(text: string): number | undefined {
  return tooManyBrackets(text) ?? tooManyIndents(text);
}

/** The brackets that are open at the end of a text, as offsets. */
export function openBrackets(text: string): readonly number[] {
  const open: number[] = [];
  walkBrackets(text, open);
  return open;
}

function tooManyBrackets(text: string): number | undefined {
  // Hardly any file has so many brackets at all: spares it the lexer.
  if (text.split(/[[{]/, nestingLimit + 2).length <= nestingLimit + 1) return undefined;
  return walkBrackets(text, []);
}

/** Keeps `open` up to date over the text; stops, with the offset, at the limit. */
function walkBrackets(text: string, open: number[]): number | undefined {
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'flow-map-start' || type === 'flow-seq-start') {
      if (open.length >= nestingLimit) return offset;
      open.push(offset);
    } else if (type === 'flow-map-end' || type === 'flow-seq-end') open.pop();
    // The lexer puts marks of one character before documents and scalars that are not in the text.
    if (type !== 'doc-mode' && type !== 'flow-error-end' && type !== 'scalar') offset += token.length;
  }
  return undefined;
}

/** Counts the columns at which blocks that are open at once began: an upper bound of their depth. */
function tooManyIndents(text: string): number | undefined {
  const columns: number[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const lead = /^ */.exec(line)![0].length;
    if (line.length > lead) {
      while (columns.length > 0 && columns.at(-1)! >= lead) columns.pop();
      columns.push(lead);
      for (const mark of line.slice(lead).matchAll(/[-?:] +/gy)) {
        columns.push(lead + mark.index + mark[0].length);
        if (columns.length > nestingLimit) break;
      }
      if (columns.length > nestingLimit) return lineStart + columns.at(-1)!;
    }
    lineStart += line.length + 1;
  }
  return undefined;
}

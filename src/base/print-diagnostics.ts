import { relative } from 'node:path';
import { placeOf, sourceLine } from './source-line.ts';
import type { Diagnostic, Range } from './diagnostics.ts';
import { hideSecrets } from './secrets.ts';
import { shorten } from './shorten.ts';
import { displayWidth, makeVisible } from './visible-text.ts';

/** How diagnostics are shown to people. */
export interface PrintOptions {
  /** Whether the text may hold terminal colours. */
  readonly color: boolean;
  /** The folder that file names are shown from. */
  readonly cwd: string;
}

/** A diagnostic as one JSON object: lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface DiagnosticJson extends PlaceJson {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
  /** Other places that matter. */
  readonly related: readonly (PlaceJson & { readonly message: string })[];
}

/** A stretch of a file; null where a diagnostic is not about a file. */
interface PlaceJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  /** Exclusive. */
  readonly endColumn: number | null;
}

/** Of more other places than these, the way through a deep net say, the lines are not shown. */
const snippetLimit = 6;

/** What a message names, of a file from elsewhere say, may be of any length; in JSON it is whole. */
const longestMessage = 2000;

/** Widest stretch of a source line that is shown. */
const lineLimit = 120;

/**
 * Diagnostics as text for people: place, message, the line with the place marked, the way out; in the order of the
 * text.
 */
export function printDiagnostics(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const paint = painter(options.color);
  return inOrder(diagnostics)
    .map((diagnostic) => {
      const { code, severity, message, range, hint, related = [] } = diagnostic;
      const tone = severity === 'error' ? 'red' : 'yellow';
      const place = range === undefined ? '' : `${paint('bold', showPlace(range, options.cwd))} `;
      return [
        `${place}${paint(tone, `${severity} ${code}`)}: ${show(message)}`,
        ...(range === undefined ? [] : snippet(range, paint, tone)),
        ...(hint === undefined ? [] : [`  ${paint('cyan', 'help:')} ${show(hint)}`]),
        ...related.flatMap((other) => [
          `  ${paint('dim', `${showPlace(other.range, options.cwd)} ${show(other.message)}`)}`,
          ...(related.length > snippetLimit ? [] : snippet(other.range, paint, 'dim')),
        ]),
        '',
      ].join('\n');
    })
    .join('\n');
}

/** A diagnostic for programs. */
export function diagnosticToJson({ code, severity, message, range, hint, related = [] }: Diagnostic): DiagnosticJson {
  const others = related.map((other) => ({ message: hideSecrets(other.message), ...placeToJson(other.range) }));
  return {
    code,
    severity,
    message: hideSecrets(message),
    ...placeToJson(range),
    hint: hint === undefined ? null : hideSecrets(hint),
    related: others,
  };
}

/** A place for programs; null throughout where there is none. */
export function placeToJson(range: Range | undefined): PlaceJson {
  if (range === undefined) return { file: null, line: null, column: null, endLine: null, endColumn: null };
  const start = placeOf(range.source.text, range.start);
  const end = placeOf(range.source.text, Math.max(range.start, range.end));
  return { file: range.source.name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function show(text: string): string {
  return makeVisible(shorten(hideSecrets(text), longestMessage));
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ range }) => range?.source.name))];
  const rank = ({ range }: Diagnostic) => files.indexOf(range?.source.name);
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || (a.range?.start ?? 0) - (b.range?.start ?? 0));
}

/** A place as compilers name it, `file.yaml:12:5`, its file as seen from a folder. */
export function showPlace({ source, start }: Range, cwd: string): string {
  const fromHere = source.name.startsWith('/') ? relative(cwd, source.name) : source.name;
  const name = makeVisible(fromHere.startsWith('..') ? source.name : fromHere);
  if (source.text === '') return name;
  const { line, column } = placeOf(source.text, start);
  return `${name}:${line}:${column}`;
}

/** The line, and below it a mark under exactly the range; of a range over several lines, its first line. */
function snippet({ source, start, end }: Range, paint: Paint, tone: Style): readonly string[] {
  if (source.text === '') return [];
  const { number, text, start: lineStart } = sourceLine(source.text, start);
  const gutter = String(number).padStart(4);
  // Without its secret a line is shorter, and a mark would be under another place of it.
  if (hideSecrets(text) !== text) return [`${paint('dim', `${gutter} |`)} ${clip(show(text), lineLimit)}`];
  const from = Math.min(start - lineStart, text.length);
  const to = Math.max(from, Math.min(end - lineStart, text.length));
  const [before, marked, after] = [
    makeVisible(text.slice(0, from)),
    makeVisible(text.slice(from, to)),
    makeVisible(text.slice(to)),
  ];
  // Far to the right: cut the beginning off, so that the mark stays in sight.
  const lead = before.length > lineLimit - 40 ? `...${before.slice(-(lineLimit - 60))}` : before;
  const room = Math.max(lineLimit - lead.length, 20);
  const shown = clip(marked, room);
  const mark = '~'.repeat(Math.max(displayWidth(shown) - 1, 0));
  return [
    `${paint('dim', `${gutter} |`)} ${lead}${paint(tone, shown)}${clip(after, room - shown.length)}`.trimEnd(),
    `${paint('dim', `${' '.repeat(gutter.length)} |`)} ${' '.repeat(displayWidth(lead))}${paint(tone, `^${mark}`)}`,
  ];
}

function clip(text: string, room: number): string {
  return text.length <= Math.max(room, 0) ? text : `${text.slice(0, Math.max(room - 3, 0))}...`;
}

const styles = { red: '31', yellow: '33', cyan: '36', bold: '1', dim: '2' } as const;
type Style = keyof typeof styles;
type Paint = (style: Style, text: string) => string;

function painter(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
}

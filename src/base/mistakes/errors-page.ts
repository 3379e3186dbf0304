import type { MistakeDoc, MistakeTable } from './mistake-table.ts';
import { mistakes } from './mistakes.ts';

/** The page docs/errors.md: every code, by what it is about. */
export function errorsPage(): string {
  const parts = Object.entries<MistakeTable>(mistakes).map(([title, table]) => {
    const entries = Object.entries(table).map(([code, doc]) => describeMistake(code, doc));
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return `${introduction}\n${parts.join('\n')}`;
}

const introduction = `<!-- Made of src/base/mistakes by \`npm run docs\`. -->

# Errors and warnings

Each has a code, which stands first, and stays the same while messages may change; with \`--json\` it is \`code\`. One code means one mistake, wherever it is found.

What is wrong with a file, its data or a command before anything runs ends with exit code 2, what fails while it runs with 1. A warning changes neither.
`;

function describeMistake(code: string, { means, fix, severity }: MistakeDoc): string {
  const kind = { warning: 'Warning. ', either: 'Error or warning. ', error: '' }[severity ?? 'error'];
  return `### ${code}\n\n${kind}${means}\n\n${fix}\n`;
}

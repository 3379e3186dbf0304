import type { MistakeDoc, MistakeTable } from '../src/base/mistakes/mistake-table.ts';
import { mistakes } from '../src/base/mistakes/mistakes.ts';

/** The page docs/errors.md: every code, by what it is about. */
export function errorsPage(): string {
  const parts = Object.entries<MistakeTable>(mistakes).map(([title, table]) => {
    const entries = Object.entries(table).map(([code, doc]) => describeMistake(code, doc));
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return `${introduction}\n${parts.join('\n')}`;
}

const introduction = `<!-- Made by \`npm run docs\` from src/base/mistakes. -->

# Errors and warnings

Each has a code, which stands first, and stays the same while messages may change; with \`--json\` it is \`code\`. \
One code means one mistake, wherever it is found.

What is wrong with a file, its data or a command before anything runs ends with exit code 2, \
what fails while it runs with 1. A warning changes neither.
`;

function describeMistake(code: string, { means, fix, severity }: MistakeDoc): string {
  const kind = { warning: 'Warning. ', either: 'Error or warning. ', error: '' }[severity ?? 'error'];
  return `### ${code}\n\n${kind}${means}\n\n${fix}\n`;
}

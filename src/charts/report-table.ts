import { escape } from './fit-text.ts';

/** One column: what its head says, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly number?: true;
}

/** An HTML table whose first column names the row. Every cell is plain text and is escaped here. */
export function renderTable(caption: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const kind = (i: number): string => (columns[i]?.number ? ' class="number"' : '');
  const head = columns.map(({ title }, i) => `<th scope="col"${kind(i)}>${escape(title)}</th>`).join('');
  const body = rows
    .map(([name = '', ...cells]) => {
      const others = cells.map((cell, i) => `<td${kind(i + 1)}>${escape(cell)}</td>`);
      return `<tr><th scope="row"${kind(0)}>${escape(name)}</th>${others.join('')}</tr>`;
    })
    .join('\n');
  return scroll(
    caption,
    `<table aria-label="${escape(caption)}"><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`,
  );
}

/** A box that scrolls sideways by itself, also by keyboard, so that the page never does. @param html trusted markup */
export function scroll(label: string, html: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}">${html}</div>`;
}

/** A part of the report. @param html trusted markup, as the title is */
export function section(title: string, html: string): string {
  return `<section>\n<h2>${title}</h2>\n${html}\n</section>`;
}

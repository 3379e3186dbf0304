/** A text as a cell of a CSV file: in quotes where it has to be. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The same for a file that people open: a text that a spreadsheet would take for a formula has an apostrophe before it
 * (OWASP, CSV Injection).
 */
export function csvText(text: string): string {
  return csvCell(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
}

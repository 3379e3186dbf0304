// src/base/csv-cell.ts
/** A text as a cell of a CSV file: in quotes where it has to be. */
function csvCell(text) {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}
/**
* The same for a file that people open: a text that a spreadsheet would take for a formula has an apostrophe before it
* (OWASP, CSV Injection).
*/
function csvText(text) {
	return csvCell(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
}
export { csvText as n, csvCell as t };

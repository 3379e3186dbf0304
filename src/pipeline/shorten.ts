/** A text of the user's for the middle of a message: the beginning of a long one. */
export function shorten(text: string): string {
  // Half a character would be none.
  return text.length > 40 ? `${text.slice(0, 37).replace(/[\ud800-\udbff]$/, '')}...` : text;
}

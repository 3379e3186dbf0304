/** A text of the user's, or of a file from elsewhere, for the middle of a message: the beginning of a long one. */
export function shorten(text: string, longest = 40): string {
  // Half a character would be none.
  return text.length > longest ? `${text.slice(0, longest - 3).replace(/[\ud800-\udbff]$/, '')}...` : text;
}

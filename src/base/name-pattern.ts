/**
 * Whether a name fits a pattern, in which `*` stands for any text. In time that grows with both lengths alone, whatever
 * the pattern.
 *
 * @param anyOne what stands for any one letter, such as `?`; left out: nothing does
 */
export function fitsPattern(name: string, pattern: string, anyOne?: string): boolean {
  let [at, star, tried] = [0, -1, 0];
  let k = 0;
  while (at < name.length) {
    const wanted = pattern[k];
    if (wanted === '*') [star, tried] = [k++, at];
    else if (wanted !== undefined && (wanted === anyOne || wanted === name[at])) [k, at] = [k + 1, at + 1];
    else if (star >= 0) [k, at] = [star + 1, ++tried];
    else return false;
  }
  while (pattern[k] === '*') k++;
  return k === pattern.length;
}

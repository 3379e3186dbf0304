/** Labels of which a sample may have several at once, and how files have them. */
export interface Several {
  /** Their names, in the order of the model's units. */
  readonly labels: readonly string[];
  /** What stands between two labels of a cell. Left out: a cell is a list, as JSON has it. */
  readonly separator?: string;
  /** Each label is a column of its own, of 0 and 1. Left out: all stand in one column. */
  readonly columns?: true;
}

/** What one label can be, as classes. */
export const noOrYes = ['no', 'yes'] as const;

/** The labels that a cell names; undefined where it is no list of them. */
export function labelsOfCell(cell: string, separator: string | undefined): readonly string[] | undefined {
  if (separator !== undefined)
    return cell
      .split(separator)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  if (!cell.startsWith('[')) return undefined;
  try {
    return labelsOfList(JSON.parse(cell));
  } catch {
    return undefined;
  }
}

/** The labels of a list as JSON has it; undefined where it holds something else. */
export function labelsOfList(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const labels: string[] = [];
  for (const one of list as readonly unknown[]) {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') return undefined;
    labels.push(String(one).trim());
  }
  return labels;
}

/** What a cell of a label's own column has to be, to follow "not". */
export const markWanted = 'a 0 or 1, nor true or false';

/** Whether a cell of a label's own column says that the sample has it; undefined where it says neither. */
export function isYes(cell: string): 0 | 1 | undefined {
  if (/^(1(\.0*)?|true)$/i.test(cell)) return 1;
  return /^(0(\.0*)?|false)$/i.test(cell) ? 0 : undefined;
}

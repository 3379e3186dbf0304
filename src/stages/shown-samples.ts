import { permutation, seedFor } from '../base/seeds.ts';
import type { ShownSamples } from '../charts/chart.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Split } from '../datasets/splits/split.ts';
import { picturesIn } from './pictures.ts';

/** How much is shown at most. */
const [mostClasses, picturesOfClass, rowsOfClass, withoutClasses, mostColumns] = [20, 8, 3, 16, 8] as const;

/** Characters of a cell that are held: no more of it can be seen. */
const longestCell = 100;

/**
 * Some samples that are trained on, of each class where a sample has one, drawn by the seed; undefined where they are
 * neither pictures of bytes nor rows of a table.
 */
export function shownIn(
  { spec, train, origin }: Dataset<BatchSource>,
  { train: trained }: Split,
  seed: number,
): ShownSamples | undefined {
  const pictures = picturesIn({ spec, test: train });
  if (pictures === undefined && origin?.cells === undefined) return undefined;
  const order = permutation(trained.length, seedFor(seed, 'shownSamples')).map((place) => trained[place]!);
  const k = spec.targets.findIndex(({ kind, shape }) => kind === 'class' && shape.length === 0);
  const target = spec.targets[k];
  const names = target?.kind === 'class' ? target.classes : undefined;
  const labels = names && train.labels(k);
  const ofEach = pictures === undefined ? rowsOfClass : picturesOfClass;
  const groups = (names?.slice(0, mostClasses) ?? [undefined]).map((name, label) => {
    const rows = labels === undefined ? order : order.filter((row) => labels[row] === label);
    return {
      ...(name !== undefined && { name }),
      count: rows.length,
      rows: Array.from(rows.slice(0, name === undefined ? withoutClasses : ofEach)),
    };
  });
  const all = { groups, classes: names?.length ?? 0 };
  if (pictures !== undefined) return { ...all, pictures };
  const columns = origin!.cells!.columns.slice(0, mostColumns);
  const cells = groups
    .flatMap(({ rows }) => rows)
    .map((row) => origin!.cells!.of(row, columns.length).map((cell) => cell.slice(0, longestCell)));
  return { ...all, table: { columns, more: origin!.cells!.columns.length - columns.length, cells } };
}

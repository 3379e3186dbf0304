import { listNames, nearest } from '../base/did-you-mean.ts';
import type { Chosen, Misfit } from '../base/row.ts';
import { shorten } from '../base/shorten.ts';
import type { DatasetRow } from '../datasets/dataset.ts';
import { datasetRow, datasets } from '../datasets/datasets.ts';
import type { Sampling } from '../training/training-options.ts';

/** What does not fit of the shares in `train.sampling`, each with its path below that. */
export function samplingMisfits(
  sampling: Sampling | undefined,
  { type, options }: Chosen,
): readonly (Misfit & { readonly path: readonly string[] })[] {
  if (sampling === undefined || sampling === 'balanced') return [];
  const names = datasetRow(type).sources?.(options) ?? [];
  if (names.length < 2)
    return [
      {
        problem: `\`sampling\` shares an epoch among several files or folders, and ${alone(type)}`,
        hint: listThem(type),
        path: [],
      },
    ];
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined)
    return [
      {
        problem: `\`sampling\` knows files by their names, and the source lists \`${shorten(twice)}\` twice`,
        hint: 'List it once: how often its samples come is what its share says.',
        path: [],
      },
    ];
  const missing = names.filter((name) => !Object.hasOwn(sampling, name));
  const unknown = Object.keys(sampling).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return unknown.map((name) => {
      const meant = nearest(name, missing);
      return {
        problem: `\`sampling\` has a share for \`${shorten(name)}\`, which the source does not list`,
        hint:
          meant === undefined
            ? `It lists ${listNames(names.map((one) => shorten(one)))}.`
            : `Did you mean \`${meant}\`?`,
        path: [name],
      };
    });
  if (missing.length === 0) return [];
  const [each, them] = missing.length === 1 ? ['it', 'it'] : ['each', 'them'];
  return [
    {
      problem: `\`sampling\` has no share for ${listNames(missing.map((one) => shorten(one)))}, which the source lists`,
      hint: `Give ${each} one, or take ${them} out of the source.`,
      path: [],
    },
  ];
}

const canList = ({ sources }: DatasetRow) => sources !== undefined;

const alone = (type: string) =>
  canList(datasetRow(type)) ? `the source \`${type}\` names one` : `\`${type}\` is read as one`;

function listThem(type: string): string {
  if (canList(datasetRow(type))) return 'List them there, or leave `sampling` out.';
  const able = Object.entries<DatasetRow>(datasets).flatMap(([name, row]) => (canList(row) ? [name] : []));
  return `Several can be listed in ${listNames(able)}. Leave \`sampling\` out, or balance classes by \`balanced\`.`;
}

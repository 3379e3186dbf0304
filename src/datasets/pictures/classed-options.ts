import { Type } from 'typebox';
import { realNumber } from '../../base/numbers.ts';

const column = (what: string, usual: string) =>
  Type.String({ description: `The column of the table with the ${what}; \`${usual}\` without it.`, minLength: 1 });

/**
 * The options of files with a class each: in folders of their classes, or in a table of paths and labels.
 *
 * @param files what is in a folder, to follow "right in it the" @param one of them, to follow "a line for each"
 */
export const classedOptions = (files: string, one: string) => ({
  folder: Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1 }),
        Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
      ],
      {
        description:
          `Folder with a sub-folder for each class, and right in it the ${files}. ` +
          'The path counts from the folder of the pipeline file. Several in a list are learnt from together: ' +
          'their classes are the sub-folders of all. ' +
          'With `table`: the folder that paths in it count from, otherwise that of the table.',
      },
    ),
  ),
  table: Type.Optional(
    Type.String({
      description: `Instead of sub-folders: a CSV file with a line for each ${one}, its path and its label.`,
      minLength: 1,
      examples: ['data/labels.csv'],
    }),
  ),
  path: Type.Optional(column('paths', 'file')),
  label: Type.Optional(column('labels', 'label')),
  classes: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
    description:
      'The classes: names of sub-folders, or labels of the table; the others are left out. ' +
      'Without it: all, in the order of their names.',
    default: [],
    maxItems: 256,
    uniqueItems: true,
  }),
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), Type.String({ minLength: 1 })], {
    description:
      'The test samples: another folder with the same sub-folders, or another table, ' +
      'or the share that is taken out of each class for them.',
    default: 0.2,
  }),
});

/** The folders of classes that options name. */
export const listedFolders = ({ folder, table }: { folder?: string | string[]; table?: string }): readonly string[] =>
  table === undefined ? [folder ?? []].flat() : [];

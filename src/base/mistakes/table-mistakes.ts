import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in tables of numbers and texts. */
export const tableMistakes = {
  'no-rows': {
    means: 'A table has no line below the names of its columns.',
    fix: 'Its first line must name the columns, and a line for each sample follow.',
  },
  'uneven-row': {
    means: 'A row has more or fewer cells than there are columns.',
    fix: 'Correct the row or `delimiter`; a cell that holds that sign must stand in quotes.',
  },
  'bad-quotes': {
    means: 'A quote in a cell is never closed, or text stands behind the one that closes it.',
    fix: 'Write a quote that belongs to the cell twice.',
  },
  'damaged-parquet': {
    means: 'A Parquet file is damaged, or written in a way that is not read.',
    fix: 'Write it again; pandas does with `to_parquet`.',
  },
  'unreadable-column': {
    means: 'Cells of a column hold lists or objects, or are of a type that is neither number nor text.',
    fix: 'Give each of their values a column of its own, or name in `features` what is learnt from without it.',
  },
  'too-many-columns': {
    means: 'A table has far more columns than can be learnt from.',
    fix: 'Look at `delimiter`: a line is a sample, a column one number of each.',
  },
  'duplicate-column': {
    means: 'Two columns have one name.',
    fix: 'Rename one.',
  },
  'unknown-column': {
    means: 'The source or the split names a column that the table does not have.',
    fix: 'Correct the name; the hint shows those there are.',
  },
  'columns-differ': {
    means: 'The files of a table have different columns, or those of the test others than those of the training.',
    fix: 'Give all the same, in the same order.',
  },
  'missing-values': {
    means: 'Cells have no value.',
    fix: 'Fill them, or remove their rows.',
  },
  'no-labels': {
    means: 'A cell of a target of several labels does not say which the row has.',
    fix: 'Write a list as JSON has it, or name what stands between two labels; columns of labels hold 0 and 1.',
  },
  'wrong-target': {
    means: 'A target of classes in order, of several labels, or that is a text, does not say one thing that it is.',
    fix: 'Give it `ordinal`; `labels`, with `separator` where cells are no lists; `columns`; `words` or `characters`.',
  },
  'answers-cut': {
    means: 'Texts that are to be predicted have more words or characters than `length` says, and lose their end.',
    fix: 'Raise `length`, or shorten the texts.',
    severity: 'warning',
  },
  'unknown-order': {
    means: 'Classes in order are left to the data, which tells that of numbers alone.',
    fix: 'List them from the lowest to the highest: `rating: { ordinal: [bad, fair, good] }`.',
  },
  'not-reconstructable': {
    means: 'The input is to be learnt itself (`targets: input`), but the data has several, or one of indices.',
    fix: 'Name all columns in one input of numbers, or say what is to be predicted.',
  },
  'not-a-number': {
    means: 'A cell of a column of numbers holds something else.',
    fix: 'Correct it, or list the column in `categories`.',
  },
  'number-too-large': {
    means: 'A number is beyond what 32 bits hold.',
    fix: 'Write the column in a larger unit.',
  },
  'ambiguous-decimals': {
    means: 'It cannot be told whether `,` or `.` stands in front of the decimals.',
    fix: "Say it in the source: `decimal: ','` or `decimal: '.'`.",
  },
  'unknown-category': {
    means: 'A cell holds none of the categories that are listed for its column.',
    fix: 'Correct it, or add it to `categories`.',
  },
  'number-not-exact': {
    means: 'A column of numbers holds whole numbers that are too large to be exact.',
    fix: 'Leave it out of `features`, or write it as floats.',
  },
  'not-a-date': {
    means: 'A column that gives the order of the rows has a cell that is no date.',
    fix: 'Correct it, or remove the row.',
  },
  'no-features': {
    means: 'No column is left to learn from: all are targets or dates.',
    fix: 'Take one out of `targets`, or name those to learn from in `features`.',
  },
  'nothing-to-prepare': {
    means: 'An entry of `prepare` is for no column that is learnt from.',
    fix: 'Correct the name or the pattern; the hint shows the columns.',
  },
  'wrong-preparation': {
    means: 'A step of `prepare` cannot stand where it does, or its option cannot be.',
    fix: 'Correct its option, or the order of the steps.',
  },
  'unusable-value': {
    means: 'A step of `prepare` makes no number of a value, as a logarithm of 0.',
    fix: 'Correct the value, or prepare the column in another way.',
  },
  'no-list-in-data': {
    means: 'A column is no list of classes or categories, though the file leaves the list to it.',
    fix: 'Leave the column out, predict or learn from it as a number, or hash it.',
  },
  'no-vocabulary': {
    means: 'A column of texts has no words, or more different ones than can be counted.',
    fix: 'Take `characters`, or another column.',
  },
  'not-standardizable': {
    means: '`standardize` names a column that is in no input, or is no number.',
    fix: 'Name columns of numbers.',
  },
  'constant-column': {
    means: 'A column is the same in all rows trained on.',
    fix: 'Leave it out of `features`.',
    severity: 'warning',
  },
  'row-number-column': {
    means: 'A column only counts the rows.',
    fix: 'Leave it out of `features`.',
    severity: 'warning',
  },
  'category-without-samples': {
    means: 'No row trained on has one of the categories.',
    fix: 'Add rows with it, or take it out of `categories`.',
    severity: 'warning',
  },
  'target-as-feature': {
    means: 'A column that is learnt from says the same as one that is to be predicted.',
    fix: 'Leave it out of `features`: nobody has it for a new row.',
    severity: 'warning',
  },
  'target-determined': {
    means:
      'Each value of a column goes with one class, or its numbers are the target in another unit, or in its order.',
    fix: 'Leave it out of `features`, where nobody has it for a new row before the answer is known.',
    severity: 'warning',
  },
  outliers: {
    means: 'A few numbers of a column stand ten times as far from its middle as all others.',
    fix: 'Look at them: a slip, another unit, or a number that stands for none.',
    severity: 'warning',
  },
  'time-at-random': {
    means: 'The rows are of points in time, and validation or test are drawn from between those trained on.',
    fix: 'Set `data.split.order` to the column of the time.',
    severity: 'warning',
  },
  'wrong-cross': {
    means: '`cross` gives a column the name of another, or makes it of a target or of a cross.',
    fix: 'Give it a name of its own, and make it of columns of the file that are not predicted.',
  },
  'not-in-order': {
    means: 'The rows are said to stand in the order of time, and a column with times goes back.',
    fix: 'Sort by it: `data.split.order` names it.',
    severity: 'warning',
  },
  'dividing-column': {
    means: 'A column that says how rows are divided is to be learnt from or predicted, too.',
    fix: 'Take it out of `features`, `categories` or `targets`.',
  },
  'too-few-groups': {
    means: '`data.split.group` names a column with fewer groups than there are parts.',
    fix: 'Name another column, give parts files of their own, or divide without `group`.',
  },
  'row-in-no-part': {
    means: 'The column that says the group or the part of each row is empty in one.',
    fix: 'Fill the cell, or remove the row.',
  },
  'unknown-part': {
    means: 'The column that says the part of each row says something else.',
    fix: 'Correct it, or say in `data.split.parts` what the parts are called.',
  },
  'no-rows-for-part': {
    means:
      'The column that says the part of each row has none for training, for the test, or for one that `parts` names.',
    fix: 'Give rows to it, or say in `data.split.parts` what it is called.',
  },
  'group-on-both-sides': {
    means: 'Files of the validation or of the test have groups that are trained on.',
    fix: 'Move the rows of a group to one side.',
    severity: 'warning',
  },
  'uneven-groups': {
    means: 'A part has less than half or more than twice the rows that it was to have, as groups are not divided.',
    fix: 'Divide by a column with more or smaller groups, or by one that says the parts.',
    severity: 'warning',
  },
} as const satisfies MistakeTable;

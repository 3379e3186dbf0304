import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in folders of pictures and masks. */
export const pictureMistakes = {
  'no-pictures': {
    means: 'A folder holds no PNG file.',
    fix: 'Put pictures right into it, each a file NAME.png, or name another folder.',
  },
  'foreign-pictures': {
    means: 'A folder holds pictures in other formats than PNG.',
    fix: 'Convert all into a new folder; the hint has the command.',
  },
  'pictures-left-out': {
    means: 'Folders below a folder of pictures, hidden files or links that lead nowhere are left out.',
    fix: 'Move pictures right into their folder, or the rest out of it.',
    severity: 'warning',
  },
  'file-name-encoding': {
    means: 'Names of files are not in UTF-8, so that they cannot be opened.',
    fix: 'Rename them with `convmv`; the hint has the command.',
  },
  'not-png': {
    means: 'A file whose name ends in .png is of another format.',
    fix: 'Convert it.',
  },
  'empty-picture': {
    means: 'A picture has no bytes.',
    fix: 'Get or save it again.',
  },
  'damaged-picture': {
    means: 'A picture is cut short, or its contents are damaged.',
    fix: 'Get or save it again.',
  },
  'picture-too-large': {
    means: 'A picture has more values than one may have.',
    fix: 'Make the pictures smaller.',
  },
  'picture-shape-differs': {
    means: 'Pictures differ in size, or some are in greys and others in colours.',
    fix: 'Convert them to one size and kind; the hint has the command.',
  },
  'sixteen-bit-picture': {
    means: 'Pictures or masks have 16 bits per channel.',
    fix: 'Save them with 8.',
  },
  'transparent-picture': {
    means: 'Pixels of a picture are not opaque: what is behind them is not said.',
    fix: 'Put a background behind them; the hint has the command.',
  },
  'mixed-alpha': {
    means: 'Some pictures say how opaque each pixel is, and others do not; all are opaque.',
    fix: 'Nothing, where pictures of both kinds belong together.',
    severity: 'warning',
  },
  'class-count': {
    means: 'A folder has fewer than two sub-folders with pictures, or more than can be learnt.',
    fix: 'Give each class a sub-folder, or name those to be learnt in `classes`.',
  },
  'unknown-class-folder': {
    means: '`classes` names something that is no sub-folder.',
    fix: 'Name sub-folders right below the folder of pictures.',
  },
  'class-folders-differ': {
    means: 'The folder for the test has a class that the one for the training does not have.',
    fix: 'Give both the same sub-folders.',
  },
  'alike-classes': {
    means: "Two classes have names that differ in case, blanks or accents' coding alone.",
    fix: 'Put their pictures into one folder if they are one class.',
    severity: 'warning',
  },
  'copied-into-test': {
    means: 'Test pictures are training pictures too, byte for byte.',
    fix: 'Keep each in one of the folders.',
    severity: 'warning',
  },
  'picture-in-two-classes': {
    means: 'The same picture is in two classes.',
    fix: 'Keep it in the one that is right.',
    severity: 'warning',
  },
  'copied-pictures': {
    means: 'Pictures are copies of others, so that the test may hold what was trained on.',
    fix: 'Keep one of each.',
    severity: 'warning',
  },
  'picture-without-mask': {
    means: 'A picture has no mask of the same name.',
    fix: 'Add it, or rename the mask.',
  },
  'masks-left-out': {
    means: 'Masks that belong to no picture are left out.',
    fix: 'Give a mask the name of its picture.',
    severity: 'warning',
  },
  'mask-size-differs': {
    means: 'Masks have another size than the pictures.',
    fix: 'Save each in the size of its picture.',
  },
  'mask-with-channels': {
    means: 'A mask has colours that are not of a palette.',
    fix: 'Save it in greys, or with a palette: one value for each class.',
  },
  'mask-value-without-class': {
    means: 'A mask has a value that no class has.',
    fix: 'Name every value in `classes`.',
  },
  'repeated-class-value': {
    means: 'Two classes of masks have one value.',
    fix: 'Give each a value of its own.',
  },
} as const satisfies MistakeTable;

import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in folders of pictures and masks. */
export const pictureMistakes = {
  'no-pictures': {
    means: 'A folder holds no picture, or one of masks no PNG file.',
    fix: 'Put pictures right into it, or name another folder.',
  },
  'foreign-pictures': {
    means: 'A folder holds pictures in formats that cannot be read; masks are PNG files.',
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
  'not-a-picture': {
    means: 'A file whose name ends as that of a picture is none, or of a format that cannot be read.',
    fix: 'Convert or remove it.',
  },
  'picture-name-lies': {
    means: 'Pictures are of another format than their names say; they are read as what they are.',
    fix: 'Nothing; other programs may need the right names.',
    severity: 'warning',
  },
  'several-frames': {
    means: 'Pictures have several frames or pages, of which the first alone is read.',
    fix: 'Nothing where that one is meant; otherwise save each frame as a picture.',
    severity: 'warning',
  },
  'print-colours': {
    means: 'Pictures are in CMYK, the colours of print, and are read in RGB.',
    fix: 'Nothing; save them in RGB to choose the profile.',
    severity: 'warning',
  },
  'pictures-sampled': {
    means: 'Of many pictures, the heads of some were looked at before the run, which reads all.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'pictures-to-skip': {
    means: 'Pictures cannot be used, and `onError: skip` leaves them out.',
    fix: 'Mend or remove them.',
    severity: 'warning',
  },
  'pictures-skipped': {
    means: 'Pictures were left out by `onError: skip`: reading all found them unusable.',
    fix: 'Mend or remove them.',
    severity: 'warning',
  },
  'decoder-missing': {
    means: 'sharp, which decodes JPEG, WebP, TIFF and GIF files and resizes pictures, cannot be loaded.',
    fix: 'Install it for this machine: `npm install --include=optional sharp`.',
  },
  'classes-and-table': {
    means: '`images` or `audio` has neither or both of a folder of class folders and what a table needs.',
    fix: 'Give `folder`, or `table` with `label`.',
  },
  'targets-said-twice': {
    means: '`images` says what is to be predicted by `targets`, and by `label` or `classes` too.',
    fix: 'Keep one of them.',
  },
  'targets-need-table': {
    means: '`targets` of `images` asks for numbers, several labels or several targets, and there are only folders.',
    fix: 'Name a table of paths with a column for each target.',
  },
  'repeated-picture': {
    means: 'A table of pictures or recordings names one twice.',
    fix: 'Keep one line for each.',
  },
  'picture-path-outside': {
    means: 'A table of pictures or recordings names one outside its folder.',
    fix: 'Put them below it, or name the folder above them in `folder`.',
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
    fix: '`resize` brings them to one size, `channels` to greys or colours.',
  },
  'sixteen-bit-picture': {
    means: 'Pictures or masks have more than 8 bits per channel.',
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
    means: 'A folder has fewer than two sub-folders with pictures or recordings, or more than can be learnt.',
    fix: 'Give each class a sub-folder, or name those to be learnt in `classes`.',
  },
  'unknown-class-folder': {
    means: '`classes` names something that is no sub-folder.',
    fix: 'Name sub-folders right below the folder that is named.',
  },
  'class-folders-differ': {
    means: 'The folder for the test has a class that the one for the training does not have.',
    fix: 'Give both the same sub-folders.',
  },
  'alike-classes': {
    means: "Two classes have names that differ in case, blanks or accents' coding alone.",
    fix: 'Put what they hold into one folder if they are one class.',
    severity: 'warning',
  },
  'copied-into-test': {
    means: 'Test pictures, or recordings, are training ones too, byte for byte.',
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

import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in files of data, whatever their format. */
export const dataMistakes = {
  'data-file-missing': {
    means: 'A file of data does not exist.',
    fix: 'Correct the path; it counts from the folder of the pipeline file.',
  },
  'data-folder-missing': {
    means: 'A folder of data does not exist, or is a file.',
    fix: 'Correct the path; it counts from the folder of the pipeline file.',
  },
  'not-whitenable': {
    means: 'Inputs are to be whitened (`whiten: zca`) that are indices, or more than 128 numbers.',
    fix: 'Leave it out, or name fewer columns in `features`.',
  },
  'dead-data-link': {
    means: 'A link on the path of data leads nowhere, or in a circle.',
    fix: 'Mend or remove it.',
  },
  'data-not-a-file': {
    means: 'The path of a file of data leads to a folder, a pipe or a device.',
    fix: 'Name a file.',
  },
  'data-file-unreadable': {
    means: 'A file or folder of data is there, but the system does not let it be read.',
    fix: 'Give yourself the right to read it.',
  },
  'data-file-too-large': {
    means: 'A file of data has more bytes than one may have.',
    fix: 'Give a part of it.',
  },
  'damaged-gzip': {
    means: 'A file that is packed with gzip is damaged, or not all of it is there.',
    fix: 'Get or pack it again.',
  },
  'data-not-text': {
    means: 'A table or a text is not in UTF-8.',
    fix: 'Save it as UTF-8; the hint has a command for it.',
  },
  'data-hash-mismatch': {
    means: 'A file is not the one that its `sha256` says: it is damaged, or was replaced.',
    fix: 'Get it again; where it was replaced rightly, look at it and write its new `sha256`.',
  },
  'address-without-hash': {
    means: 'An address stands where the path of a file would.',
    fix: 'Say what it must be, too: `{ url: ..., sha256: ... }`.',
  },
  'bad-address': {
    means: 'The `url` of a file of data is no address that a file can be fetched from.',
    fix: 'Correct it.',
  },
  'data-not-fetched': {
    means: 'A file that an address names is not fetched yet: what depends on its contents cannot be checked.',
    fix: '`pipeline plan` and `pipeline run` fetch it.',
    severity: 'either',
  },
  'data-not-fetchable': {
    means: 'A file could not be fetched from its address.',
    fix: 'See the reason: the network, the server, or the address.',
  },
  'data-not-packed': {
    means: 'Samples that are more than `data.memory` allows could not be written to `.layerline/packed`.',
    fix: 'Make room there and make it writable, or raise `data.memory`.',
  },
  'packed-data-damaged': {
    means: 'A sample in `.layerline/packed` is no longer what was written: it was not trained on.',
    fix: 'Run the file again: the data is packed anew.',
  },
  'data-not-packable': {
    means:
      "Data is more than memory may hold, and is arrays in Fortran's order, of which no sample can be read by " +
      'itself, or a table whose targets are texts.',
    fix: 'Save arrays by `numpy.ascontiguousarray`, read fewer rows of a table, or raise `data.memory`.',
  },
  'data-memory-too-small': {
    means: '`data.memory` is less than what is known of the samples takes, without the samples.',
    fix: 'Raise it.',
  },
  'data-not-kept': {
    means: 'A file that was fetched could not be written to `.layerline/data`.',
    fix: 'Make that writable, and make room there.',
  },
  'kept-copy-damaged': {
    means: 'The kept copy of a fetched file is damaged.',
    fix: 'Nothing: it is fetched again.',
    severity: 'warning',
  },
  'data-changed-meanwhile': {
    means: 'Files of data changed while they were read.',
    fix: 'Run the file again when nothing writes there any more.',
    severity: 'either',
  },
  'data-changed-unseen': {
    means: 'A large file of data holds other bytes than when it was hashed, though its size and times are the same.',
    fix: 'Compare it with a copy: the disk may fail. The next run takes what is there now.',
  },
  'too-many-samples': {
    means: 'Samples that are made, such as pairs, would take more memory than they may.',
    fix: 'Ask for fewer.',
  },
  'no-test-samples': {
    means: 'The share for the test is so small that no sample is in it.',
    fix: 'Raise `test`, or add samples.',
  },
  'test-is-train': {
    means: 'The table for the test holds the rows that are trained on.',
    fix: 'Name another file, or a share.',
    severity: 'warning',
  },
  'class-without-samples': {
    means: 'A class has no sample in the training, the validation or the test.',
    fix: 'Add some, or take it out of the classes.',
    severity: 'warning',
  },
  'class-of-one-sample': {
    means: 'A class has one sample in all.',
    fix: 'Add samples of it, or take it out of the classes.',
    severity: 'warning',
  },
  'source-not-trained': {
    means: 'Of one of the files or folders that a data set is read from, no sample is trained on.',
    fix: 'Add samples to it, or change the split.',
    severity: 'warning',
  },
  'alike-samples': {
    means: 'Samples are copies of others.',
    fix: 'Keep one of each, where nothing speaks for that some count more.',
    severity: 'warning',
  },
  'sample-on-both-sides': {
    means: 'Samples for validation or test are trained on, too.',
    fix: 'Keep each on one side.',
    severity: 'warning',
  },
  'one-input-two-labels': {
    means: 'Two samples have the same inputs and different labels.',
    fix: 'Mend the labels, or add what tells the two apart.',
    severity: 'warning',
  },
  'suspect-labels': {
    means: 'The training worked against the labels of some samples in all of its epochs: they are likely wrong.',
    fix: 'Look at them: the artifact data/suspect-labels.csv ranks them. Mend what is wrong, or leave it out.',
    severity: 'warning',
  },
  'constant-target': {
    means: 'A number that is to be predicted is the same in all samples trained on.',
    fix: 'Nothing but that number can be learnt: look at the data.',
    severity: 'warning',
  },
  'large-numbers': {
    means: 'A target is trained on as it is, with numbers so large that weights take very long to get there.',
    fix: 'End with a layer without activation, so that it can be standardized, or write it in a larger unit.',
    severity: 'warning',
  },
  'not-idx': {
    means: 'A file is not an idx file of bytes, as those of MNIST are.',
    fix: 'Get it again.',
  },
  'idx-dimensions': {
    means: 'An idx file has another number of dimensions than images or labels have.',
    fix: 'Look whether images and labels are exchanged.',
  },
  'idx-empty': {
    means: 'The header of an idx file promises no value.',
    fix: 'Get it again.',
  },
  'idx-length': {
    means: 'An idx file is shorter or longer than its header says.',
    fix: 'Get it again.',
  },
  'test-shape-differs': {
    means: 'Test images have another size than training images.',
    fix: 'Give files of one size.',
  },
  'label-count': {
    means: 'There are more images than labels, or fewer.',
    fix: 'Give the two files that belong together.',
  },
  'label-without-class': {
    means: 'A label has a number beyond the classes that are named.',
    fix: 'Name every class in `classes`.',
  },
  'no-pairs': {
    means: 'No pairs can be made: images are of one class, or no class has two.',
    fix: 'Use data with at least two classes of two images.',
  },
  'text-too-short': {
    means: 'A text makes too few sequences to train and to test.',
    fix: 'Use a longer text, or a smaller `steps`.',
  },
  'character-count': {
    means: 'A text has one character alone, or more different ones than can be learnt.',
    fix: 'Write it in fewer: lower case, without rare signs.',
  },
} as const satisfies MistakeTable;

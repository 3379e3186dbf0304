import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in the files of published sets: CIFAR, Fashion-MNIST. */
export const publishedSetMistakes = {
  'set-incomplete': {
    means: 'A file of a published set is not in its folder or archive.',
    fix: 'Name the folder in which all files are, called as they were published, or get them again.',
  },
  'another-set': {
    means: 'The files are of another published set than the source says.',
    fix: 'Write the source that the hint names, or name the other folder.',
  },
  'foreign-version': {
    means: 'A set was published in several versions, and this one is for Python or Matlab.',
    fix: 'Fetch the binary version; the hint has its address.',
  },
  'folder-and-archive': {
    means: 'A set is to be read from a folder and from an archive.',
    fix: 'Leave one of them out.',
  },
  'cifar-length': {
    means: 'A file of CIFAR is empty, or its length is no whole number of pictures: it is cut short, or another file.',
    fix: 'Get it again.',
  },
  'label-beyond-set': {
    means: 'A label in a file of CIFAR has no class.',
    fix: 'Get the file again: it is damaged, or of another kind.',
  },
  'not-as-published': {
    means: 'A published set has other numbers of pictures than it was published with.',
    fix: 'Nothing where a part of it is meant; otherwise get the files again.',
    severity: 'warning',
  },
  'damaged-tar': {
    means: 'A file is not a tar archive, is cut short or damaged, or holds a file twice or as a link.',
    fix: 'Get it again; `tar -tf` says whether it is whole.',
  },
} as const satisfies MistakeTable;

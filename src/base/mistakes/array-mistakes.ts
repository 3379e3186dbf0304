import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in arrays of NumPy, and in other files of numbers alone. */
export const arrayMistakes = {
  'bad-npy': {
    means: 'An array is damaged, or holds no numbers that can be read: objects of Python are never made.',
    fix: 'Save it anew with numpy.save or numpy.savez, as numbers.',
  },
  'bad-npz': {
    means: 'An archive of arrays is damaged, encrypted, or no zip file; or it names a member twice, or in a folder.',
    fix: 'Save it anew with numpy.savez or numpy.savez_compressed.',
  },
  'unknown-array': {
    means: 'The source names an array that its files do not have.',
    fix: 'Correct the name; the hint shows those there are.',
  },
  'arrays-differ': {
    means: 'Arrays of one part have different numbers of samples, or parts of an array different shapes.',
    fix: 'Save those that belong together: their first axis counts the samples.',
  },
  'unusable-array': {
    means: 'An array cannot be what it is named for, as texts that are to be learnt from.',
    fix: 'The hint says how NumPy makes one of it that can.',
  },
  'unusable-number': {
    means: 'An array holds NaN, infinity, or a number that 32 bits do not hold.',
    fix: 'Replace it, or leave its sample out.',
  },
  'no-list-in-array': {
    means: 'The values of an array are no list of classes, though the file leaves the list to it.',
    fix: 'Predict it as a number, or list its classes.',
  },
} as const satisfies MistakeTable;

import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong with a place that several machines reach. */
export const remoteMistakes = {
  'remote-address': {
    means: 'What should be the address of a place that several machines reach is none.',
    fix: 'Write it as `file:///FOLDER` or `s3://BUCKET/PREFIX`.',
  },
  'remote-unreachable': {
    means: 'A place that several machines share does not answer, or does not take what is to be kept there.',
    fix: 'See the reason. A run goes on without it.',
    severity: 'either',
  },
  'remote-not-ours': {
    means: 'A folder that is to be shared holds what this program did not put there: it is left alone.',
    fix: 'Name an empty folder, or one that Layerline has written to before.',
    severity: 'either',
  },
  'remote-too-large': {
    means: 'What is kept under a name is larger than any of this program: it is not fetched.',
    fix: 'Remove it there.',
    severity: 'either',
  },
} as const satisfies MistakeTable;

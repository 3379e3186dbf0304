import type { MistakeTable } from './mistake-table.ts';

/** What keeps `pipeline serve` from answering. */
export const serveMistakes = {
  'golden-differs': {
    means: 'The model computes something else here than when it was trained, further off than rounding.',
    fix: 'Take its folder from the run again. Where it differs still, please report it with your pipeline file.',
  },
  'host-not-here': {
    means: '`--host` names no address of this machine.',
    fix: 'Give an address of one of its networks, or 0.0.0.0 for all of them.',
  },
  'weak-token': {
    means: 'The token in PIPELINE_SERVE_TOKEN is short, or holds characters that a header cannot.',
    fix: 'Set 16 letters and digits or more, or unset it: one is made and shown then.',
  },
} as const satisfies MistakeTable;

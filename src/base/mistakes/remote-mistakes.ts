import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong with a place that several machines reach. */
export const remoteMistakes = {
  'remote-address': {
    means: 'What should be the address of a place that several machines reach is none.',
    fix:
      'Write it as `file:///FOLDER`, a folder that all of them have mounted, as `s3://BUCKET/PREFIX`, ' +
      'or as `mlflow-artifacts:/FOLDER`.',
  },
  'remote-not-set-up': {
    means: 'A place that machines share needs credentials, a server or your word, and has it not.',
    fix:
      'Set the variables that the message names. A bucket that only a pipeline file names is named by ' +
      'PIPELINE_CACHE_REMOTE where it is yours. A run goes on without it.',
    severity: 'either',
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
  'remote-damaged': {
    means: 'What is kept in a place that machines share is not what it says of itself: it is not used.',
    fix:
      'Nothing: the stage runs, and what comes of it takes its place. ' +
      'Where it happens again, ask who may write there.',
    severity: 'warning',
  },
  'remote-signature': {
    means: 'What is kept in a place that machines share was not signed with the key of PIPELINE_CACHE_KEY.',
    fix: 'Give all machines the same key. What others have put there is left as it is, and not used.',
    severity: 'either',
  },
  'remote-key': {
    means: 'PIPELINE_CACHE_KEY is too short to prove anything.',
    fix: 'Set it to 16 characters or more, such as what `openssl rand -hex 32` prints.',
  },
  'remote-too-large': {
    means: 'What is kept under a name is larger than any of this program: it is not fetched.',
    fix: 'Remove it there.',
    severity: 'either',
  },
} as const satisfies MistakeTable;

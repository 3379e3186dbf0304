import type { MistakeTable } from './mistake-table.ts';

/** Mistakes of a pipeline file as a text: how it is read, and its YAML. */
export const textMistakes = {
  'no-file-given': {
    means: 'The command needs a pipeline file, and neither it nor package.json names one.',
    fix: 'Name it after the command, or set `"pipeline": "FILE"` in package.json; `pipeline init` writes one.',
  },
  'no-file': {
    means: 'There is no file of the name that was given, or that `extends` gives.',
    fix:
      'Correct the path. On the command line it counts from where you are, ' +
      'in `extends` from the folder of the file.',
  },
  'not-a-file': {
    means: 'The path of the pipeline file leads to a folder, a pipe, a socket or a device.',
    fix: 'Name a file; for all files of a folder, `FOLDER/*.yaml`.',
  },
  'not-a-pipeline-file': {
    means: 'A base file, or the file that `init` is to write, has a name that does not end in .yaml or .yml.',
    fix: 'Rename it, or name another.',
  },
  'unreadable-file': {
    means: 'The pipeline file is there, but the system does not let it be read.',
    fix: 'Give yourself the right to read it.',
  },
  'file-too-large': {
    means: 'The pipeline file has more characters than one may have: most likely data was put into it.',
    fix: 'Keep data in files of its own, which the pipeline file names.',
  },
  'not-text': {
    means: 'The file is not text in UTF-8: it is UTF-16, another encoding, or not a text at all.',
    fix: 'Save it as UTF-8.',
  },
  'empty-file': {
    means: 'The file has no content, or comments alone.',
    fix: 'Start from `pipeline init`, or from pipelines/mnist.yaml.',
  },
  'several-documents': {
    means: 'A line `---` divides the file into several YAML documents.',
    fix: 'Remove that line, or make it two files.',
  },
  'too-deep': {
    means: 'Lists and maps stand inside each other over more levels than any pipeline needs.',
    fix: 'Look for a bracket that is never closed.',
  },
  'yaml-syntax': {
    means: 'The text is not YAML at this place: a bracket or quote is not closed, an indent or a comma is missing, ...',
    fix: 'Correct what the message says; all below an open bracket or quote may be right.',
  },
  'yaml-space': {
    means: 'No space stands behind a colon, so that YAML reads key and value as one word: `epochs:3`.',
    fix: 'Write `epochs: 3`.',
  },
  'yaml-tag': {
    means: 'The file has a YAML tag, such as `!!python/object`; a pipeline file takes plain values only.',
    fix: 'Remove it, or put the text in quotes.',
  },
  'yaml-version': {
    means: 'The file says that it is YAML of another version than 1.2.',
    fix: 'Remove the line `%YAML ...`.',
  },
  'bad-key': {
    means: 'What stands in front of a colon is nothing, a list or a map.',
    fix: 'Write a plain word there.',
  },
  'duplicate-key': {
    means: 'A map has the same key twice.',
    fix: 'Keep one of the two.',
  },
  'unknown-alias': {
    means: 'A text such as `*name` stands for a value marked `&name`, and there is none further up.',
    fix: 'Mark the value, correct the name, or put the text in quotes.',
  },
  'alias-limit': {
    means: 'With its aliases written out, the file would have far too many values.',
    fix: 'Aliases of aliases grow without measure: write the values out.',
  },
  'odd-character': {
    means:
      'A character stands where YAML means another: a typographic quote or dash, a full-width comma, ' +
      'a space that is none. Word processors, chats and web pages put them there. ' +
      'A warning where it may belong to the text.',
    fix: 'Write the plain character that the hint shows.',
    severity: 'either',
  },
  'too-many-mistakes': {
    means: 'The file has more mistakes than are shown.',
    fix: 'Correct those that are shown, and look again.',
  },
} as const satisfies MistakeTable;

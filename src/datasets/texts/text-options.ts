import { Type } from 'typebox';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { dataFileOption } from '../files/data-file.ts';
import { defaultVocabulary, vocabularyOptions } from '../preparations/tokens.ts';

/** What a pipeline file says of `text`. */
export const textFace = {
  doc:
    'A text, character by character or word by word, cut into sequences that do not overlap: ' +
    'the target of each is the one that comes next.',
  example: 'source: { text: { file: data/sonnets.txt, steps: 40 } }',
  options: Type.Object({
    file: dataFileOption('The text, in UTF-8, of at most 256 different characters where they are what is learnt'),
    steps: wholeNumber({ description: 'Characters or words of a sequence.', default: 40, minimum: 2, maximum: 2_000 }),
    test: realNumber({
      description: 'Share of the text, at its end, that is the test.',
      default: 0.1,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
    }),
    words: Type.Optional(
      Type.Object(vocabularyOptions('words', defaultVocabulary.words), {
        description:
          'The text is read word by word, each a number for an `embedding`, as by `words` of `prepare`: runs of ' +
          'letters, marks and digits. Left out: character by character.',
        examples: [{ vocabulary: 2000 }],
        additionalProperties: false,
      }),
    ),
  }),
  order: 'time' as const,
};

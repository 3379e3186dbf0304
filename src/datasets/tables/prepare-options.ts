import { type TSchema, Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { EXPECTED } from '../../base/row.ts';
import { preparations } from '../preparations/preparations.ts';

const words = Object.keys(preparations).filter((name) => preparations[name]!.plain !== undefined);
const withOption = Object.entries(preparations).flatMap(([name, { option, doc, example }]): [string, TSchema][] =>
  option === undefined ? [] : [[name, Type.Optional({ ...option, description: `${doc}\n\nExample: ${example}` })]],
);

const branches = [
  Type.Enum(words, {
    description: words.map((name) => `${name}: ${preparations[name]!.doc}`).join('\n'),
  }),
  Type.Object(Object.fromEntries(withOption), {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    examples: Object.entries(preparations).flatMap(([name, { option, plain }]) =>
      plain === undefined ? (option?.examples ?? []).map((example) => ({ [name]: example })) : [],
    ),
  }),
] as const;

const aStep = `a step: ${[
  ...words,
  ...Object.keys(preparations)
    .filter((name) => !words.includes(name))
    .map((name) => `{ ${preparations[name]!.example} }`),
].join(', ')}`;

/** The option `prepare` of tables. */
export const prepareOption = Type.Optional(
  mapOf(
    Type.Union(
      [...branches, Type.Array(Type.Union([...branches], { [EXPECTED]: aStep }), { minItems: 1, maxItems: 8 })],
      {
        [EXPECTED]: `${aStep}; or a list of them`,
      },
    ),
    {
      description:
        'What is done to columns that are learnt from, by name, by a pattern (`bill_*`; `"*"` for all) or by type ' +
        '(`numbers`, `texts`): a step or several, one after the other. Of several that fit a column the name counts, ' +
        'then the first pattern, then the type. All is fitted to the rows trained on alone, kept with the model, and ' +
        'done to each row that the model is asked about. A column with no step but `missing` is standardized ' +
        'where `standardize` says so, or coded where `categories` does.',
      examples: [{ age: [{ missing: 'median' }, 'robust'], 'bill_*': 'minmax', texts: 'oneHot' }],
    },
  ),
);

/** A step as it is meant: its name and option. */
export interface GivenStep {
  readonly step: string;
  readonly option: unknown;
}

/** The steps of an entry of `prepare`, with what their names alone stand for. */
export function stepsOf(given: unknown): readonly GivenStep[] {
  return [given].flat().map((one): GivenStep => {
    if (typeof one === 'string') return { step: one, option: preparations[one]?.plain };
    const [name, option] = Object.entries(one as Readonly<Record<string, unknown>>)[0]!;
    return { step: name, option };
  });
}

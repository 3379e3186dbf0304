import { type TSchema, Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { isMisfit } from '../../base/row.ts';
import { type DatasetRow, type DatasetSpec, type InputSpec, isUnfetched, orMisfit } from '../dataset.ts';

/** What inputs go through on their way into the model, fitted to the rows trained on, if an option says so. */
export interface FittedWay {
  readonly option: string;
  readonly schema: TSchema;
  isAsked(options: object): boolean;
  /** @param type what the data set is called @throws WrongOption where no input can go that way */
  prove(spec: DatasetSpec, type: string): void;
  isFitted(input: InputSpec): boolean;
  /** What a model.json without it does not say, in words. */
  readonly unsaid: string;
}

/** The row of a data set whose inputs may go that way, too. @param type what the row is called */
export function withFittedWay(type: string, row: DatasetRow, way: FittedWay): DatasetRow {
  return {
    ...row,
    options: Type.Object({ ...row.options.properties, [way.option]: way.schema }),
    describe: (options, folder, division) => {
      const described = row.describe(options, folder, division);
      if (!way.isAsked(options) || isMisfit(described) || isUnfetched(described)) return described;
      return orMisfit(() => {
        way.prove(described, type);
        return described;
      });
    },
    rows: (trained) => {
      if (way.isAsked(trained.options) && !trained.inputs.some((input) => way.isFitted(input)))
        throw failure(
          'model-damaged',
          `model.json does not say ${way.unsaid}`,
          'Take it from the run again, or train the model anew.',
        );
      return row.rows(trained);
    },
  };
}

import { encoders } from './encoders.ts';
import { gaps } from './gaps.ts';
import type { MapStep, PreparationStep } from './preparation.ts';
import { texts } from './tokens.ts';
import { scalers } from './scalers.ts';

/** The steps of `prepare`, by the names that users write. */
export const preparations: Readonly<Record<string, PreparationStep>> = { ...gaps, ...scalers, ...encoders, ...texts };

/** A step that computes with numbers, by its name; undefined where there is none. */
export function mapStep(name: string): MapStep | undefined {
  const step = Object.hasOwn(preparations, name) ? preparations[name] : undefined;
  return step?.kind === 'map' ? step : undefined;
}

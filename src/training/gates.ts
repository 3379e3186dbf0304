import { type Diagnostic, UserError, mistake } from '../base/diagnostics.ts';
import type { Misfit } from '../base/row.ts';
import { metricNamed, moreIsBetter } from './monitor.ts';

/** What a number of a run must reach. */
export interface Gate {
  readonly metric: string;
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly bound: number;
}

/** What a gate looks like in a file: `>= 0.98`. */
export const gatePattern = '^(>=|>|<=|<) ?-?\\d{1,15}(\\.\\d{1,15})?([eE][-+]?\\d{1,2})?$';

/** Milliseconds that evaluation took for one sample, as gates call them. */
export const pace = 'msPerSample';

/** The gates of a checked file. @param required its `evaluate.require` */
export function gatesOf(required: Readonly<Record<string, string>> = {}): readonly Gate[] {
  return Object.entries(required).map(([metric, text]) => {
    const [, operator, bound] = /^([<>]=?) ?(.+)$/.exec(text)!;
    return { metric, operator: operator as Gate['operator'], bound: Number(bound) };
  });
}

/** Why a gate is none that a good model passes and a bad one does not. */
export function gateMisfit({ metric, operator, bound }: Gate): Misfit | undefined {
  const more = metric !== pace && moreIsBetter(metric);
  const fitting = more ? '>=' : '<=';
  if (operator[0] !== fitting[0])
    return {
      problem: `${more ? 'more' : 'less'} of ${metric} is better: \`${operator} ${bound}\` fails the good models`,
      hint: `Did you mean \`${fitting} ${bound}\`?`,
    };
  const isShare = more && metric.split('_').some((part) => metricNamed(part)?.of === 'class');
  if (!isShare || bound < 1 || (bound === 1 && operator === '>=')) return undefined;
  return {
    problem: `${metric} is 1 at most, so that no model passes \`${operator} ${bound}\``,
    hint: bound > 1 && bound <= 100 ? `Did you mean \`${operator} ${bound / 100}\`?` : 'Require less.',
  };
}

/** What became of the gates of a run. */
export interface Judgement {
  /** For the tracker: `pipeline.gates`, and a tag for each of them; none where there are no gates. */
  readonly tags: Readonly<Record<string, string>>;
  /** Left out where all were passed. */
  readonly failed?: UserError;
}

/** Holds values against gates. @param values by their metrics; one that is not there, or NaN, passes none */
export function judge(gates: readonly Gate[], values: Readonly<Record<string, number | undefined>>): Judgement {
  if (gates.length === 0) return { tags: {} };
  const judged = gates.map((gate) => {
    const value = values[gate.metric] ?? Number.NaN;
    return { ...gate, value, passed: passes(gate, value) };
  });
  const failed = judged.filter(({ passed }) => !passed).map(describeFailure);
  const each = judged.map(({ metric, operator, bound, value, passed }) => [
    `pipeline.gate.${metric}`,
    `${passed ? 'passed' : 'failed'}: ${value} ${operator} ${bound}`,
  ]);
  return {
    tags: { 'pipeline.gates': failed.length === 0 ? 'passed' : 'failed', ...Object.fromEntries(each) },
    ...(failed.length === 0 ? {} : { failed: new UserError(failed, 1) }),
  };
}

function passes({ operator, bound }: Gate, value: number): boolean {
  if (operator === '>=') return value >= bound;
  if (operator === '>') return value > bound;
  return operator === '<=' ? value <= bound : value < bound;
}

function describeFailure({ metric, operator, bound, value }: Gate & { readonly value: number }): Diagnostic {
  const short = (number: number) => String(Number(number.toPrecision(4)));
  const apart = Math.abs(value - bound);
  const side = operator[0] === '>' ? 'below' : 'above';
  const by = Number.isFinite(apart) && apart > 0 ? `, ${short(apart)} ${side} what is required` : '';
  return mistake(
    'gate-failed',
    `${metric} is ${Number.isFinite(value) ? String(Number(value.toPrecision(6))) : value}${by}: ` +
      `\`evaluate.require\` says ${operator} ${bound}`,
    undefined,
    'All of the run is recorded, as one that failed. Train a better model, or require less.',
  );
}

import { largestReal, largestWhole } from '../base/numbers.ts';
import { type Misfit, isMisfit } from '../base/row.ts';
import type { Distribution } from '../base/sweep-results.ts';

/** A range of numbers, and where its bounds stand in the text. */
export interface RangeText {
  readonly distribution: Exclude<Distribution, { readonly kind: 'choice' }>;
  /** Offsets into the text, the end exclusive. */
  readonly low: readonly [start: number, end: number];
  readonly high: readonly [start: number, end: number];
}

const number = '[-+]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d+)?';

/** What a range is written like, as JSON Schema has it. */
export const rangePattern = `^\\s*(?:int\\s+)?(?:log\\s+)?${number}\\s*\\.\\.\\s*${number}(?:\\s+step\\s+\\d+)?\\s*$`;

const whole = new RegExp(
  `^\\s*(?<int>int\\s+)?(?<log>log\\s+)?(?<low>${number})\\s*\\.\\.` +
    `\\s*(?<high>${number})(?:\\s+step\\s+(?<step>\\d+))?\\s*$`,
  'd',
);

/** How ranges are written, for messages. */
const usage = 'A range is `0.1..0.5`, `log 1e-5..1e-1`, `int 16..128 step 16` or `int log 1..1024`; or give a list.';

/** Reads a range of numbers: `log 1e-5..1e-1`. @returns why it is none, to follow the text */
export function readRange(text: string): RangeText | Misfit {
  const match = whole.exec(text);
  if (match === null) {
    const meant = meantBy(text);
    return {
      problem: `\`${text}\` is no range of numbers.`,
      hint: meant === undefined ? usage : `Did you mean \`${meant}\`? ${usage}`,
    };
  }
  const { low: lowText, high: highText, step: stepText } = match.groups!;
  const [low, high, step] = [Number(lowText), Number(highText), Number(stepText ?? 1)];
  const [isInt, log] = [match.groups!['int'] !== undefined, match.groups!['log'] !== undefined];
  const misfit =
    misfitOf({ text, low, high, log }) ?? (isInt ? misfitOfWhole({ low, high, step, log, stepText }) : undefined);
  if (misfit !== undefined) return misfit;
  if (!isInt && stepText !== undefined)
    return {
      problem: 'Only `int` has steps.',
      hint:
        Number.isInteger(low) && Number.isInteger(high)
          ? `Write \`int ${text.trim()}\`.`
          : 'Write a list of the numbers.',
    };
  return {
    distribution: isInt ? { kind: 'int', low, high, step, log } : { kind: 'float', low, high, log },
    low: match.indices!.groups!['low']!,
    high: match.indices!.groups!['high']!,
  };
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

function misfitOf({ text, low, high, log }: Bounds & { readonly text: string }): Misfit | undefined {
  if (Math.abs(low) > largestReal || Math.abs(high) > largestReal)
    return {
      problem: `A bound of \`${text}\` is too large.`,
      hint: `A number is at most ${largestReal.toPrecision(2)}.`,
    };
  if (low > high)
    return {
      problem: `\`${text}\` begins above its end.`,
      hint: `Write \`${text.replace(/\S+\.\.\S+/, `${high}..${low}`)}\`.`,
    };
  if (low === high)
    return {
      problem: `\`${text}\` holds one number alone.`,
      hint: `Write it as a list, \`[${low}]\`, or in the pipeline.`,
    };
  if (log && low <= 0)
    return {
      problem: `The logarithm of ${low} is none: a range with \`log\` begins above 0.`,
      hint: 'Begin with a small number such as `1e-6`, or leave `log` out.',
    };
  return undefined;
}

function misfitOfWhole({
  low,
  high,
  step,
  log,
  stepText,
}: Bounds & { readonly step: number; readonly stepText: string | undefined }): Misfit | undefined {
  const wrong = [low, high].find((bound) => !Number.isInteger(bound));
  if (wrong !== undefined)
    return {
      problem: `\`int\` goes between whole numbers, and ${wrong} is none.`,
      hint: 'Leave `int` out, or round it.',
    };
  const large = [low, high].find((bound) => Math.abs(bound) > largestWhole);
  if (large !== undefined)
    return { problem: `${large} is too large.`, hint: `A whole number is at most ${largestWhole}.` };
  if (log && stepText !== undefined)
    return { problem: 'A range with `log` has no steps.', hint: 'Leave one of the two out, or write a list.' };
  if (step < 1) return { problem: 'A step is at least 1.', hint: 'Write `step 1`, or leave it out.' };
  const last = low + Math.floor((high - low) / step) * step;
  if (last === high) return undefined;
  return {
    problem: `Steps of ${step} from ${low} do not come to ${high}.`,
    hint:
      last === low ? 'Take a smaller step.' : `Write \`int ${low}..${last} step ${step}\`, or end with ${last + step}.`,
  };
}

/** The range that was likely meant. */
function meantBy(text: string): string | undefined {
  // Between two numbers a minus is a dash.
  const apart = text.replaceAll(/(\d)\s*(?:-|–|…|,|:|\.{2,})\s*(?=[\d.])/g, '$1 ');
  const words = [...apart.matchAll(/[a-z]{2,}/gi)].map(([word]) => word.toLowerCase());
  const [low, high, step, ...more] = [...apart.matchAll(new RegExp(number, 'g'))].map(([one]) => one);
  if (low === undefined || high === undefined || more.length > 0) return undefined;
  if (!words.every((word) => /int|log|uniform|float|real|range|step|from|to|and/.test(word))) return undefined;
  const says = (part: string) => words.some((word) => word.includes(part));
  const meant = `${says('int') ? 'int ' : ''}${says('log') ? 'log ' : ''}${low}..${high}`;
  const whole = step === undefined ? meant : `${meant} step ${step}`;
  return isMisfit(readRange(whole)) ? undefined : whole;
}

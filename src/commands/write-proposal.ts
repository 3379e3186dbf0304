import { shorten } from '../base/shorten.ts';
import { showCount, showMeasure } from '../base/quantities.ts';
import { makeVisible } from '../base/visible-text.ts';
import type { CountedClass, Entry, Flow, Item, Proposal, Task } from '../datasets/propose/proposal.ts';
import { farApart, proposedNet } from './proposed-net.ts';

/** Columns of a line. */
const widest = 120;

/** Notes that have a line each. */
const mostNotes = 12;

/**
 * A file that learns what was seen in data; what it guesses stands in comments with its evidence.
 *
 * @param name of the pipeline
 * @param schema where an editor finds the schema
 */
export function writeProposal(proposal: Proposal, name: string, schema: string): string {
  const { source, read, options, split, task } = proposal;
  const apart = farApart(proposal.given);
  const notes = [...(apart === undefined ? [] : [apart]), ...proposal.notes];
  const more = notes.length - mostNotes;
  return `# yaml-language-server: $schema=${schema}
${[
  `A pipeline of Layerline, guessed from ${read}: \`pipeline run FILE\` trains it, \`pipeline data FILE\` ` +
    'looks at all of the data, and `pipeline plan FILE --resolved` shows what is left out here.',
  `To beat: ${baselineOf(task)}`,
]
  .flatMap((text) => comment(text, ''))
  .join('\n')}
name: ${name}
seed: 42 # the only source of randomness: weights, split, order of the samples, dropout

data:
  source:
    ${source}:
${linesOf(options, '      ').join('\n')}
${[...notes.slice(0, mostNotes), ...(more > 0 ? [`${more} more are left out for the same reasons`] : [])]
  .flatMap((note) => comment(note, '      '))
  .map((line) => `${line}\n`)
  .join('')}${split.length === 0 ? '' : `  split:\n${linesOf(split, '    ').join('\n')}\n`}
${proposedNet(proposal)}
evaluate:
${comment(metricsNote(task), '  ')
  .map((line) => `${line}\n`)
  .join('')}  metrics: ${metricsOf(task)}

visualize: {} # all figures that fit the data, and a report
`;
}

/** The scores of who learns nothing, in words. */
export function baselineOf(task: Task): string {
  if (task.kind === 'number')
    return (
      `a mean absolute error of ${showMeasure(task.distance)} and a root mean squared error of ` +
      `${showMeasure(task.deviation)}: the mean distance and the standard deviation of \`${shown(task.target)}\` ` +
      'from its mean, which is what one says who has learnt nothing'
    );
  if (task.kind === 'labels') return labelsBaseline(task);
  if (task.kind === 'forecast') return naiveBaseline(task);
  if (task.kind === 'answer')
    return (
      `an accuracy of ${showMeasure(task.right / task.all)}: at each place of \`${shown(task.target)}\` what is most ` +
      `frequent there is right for ${showCount(task.right)} of ${showCount(task.all)} ${task.tokens} and ends`
    );
  const classes = task.kind === 'character' ? task.characters : task.classes;
  const { name, count } = classes[0]!;
  const all = totalOf(classes);
  const label = name.trim() === '' ? 'a blank' : `\`${shown(name)}\``;
  const what = { class: 'samples', pixels: 'pixels', character: 'characters' }[task.kind];
  return (
    `an accuracy of ${showMeasure(count / all)}: ` +
    `${label} is right for ${showCount(count)} of ${showCount(all)} ${what}` +
    (isUnbalanced(task) ? `, and a macro F1 of ${showMeasure((2 * count) / (all + count) / classes.length)}` : '')
  );
}

function naiveBaseline({ naive, target, season = 0, horizon }: Extract<Task, { kind: 'forecast' }>): string {
  const [{ name, distance, deviation }, ...more] = naive;
  const said = (which: string) =>
    which === 'last_value' ? 'the last value of the window' : `what it was ${season} rows before`;
  return (
    `a mean absolute error of ${showMeasure(distance)} and a root mean squared error of ${showMeasure(deviation)} in ` +
    `the test: who takes ${said(name)} for the next ${horizon === 1 ? 'value' : `${horizon} values`} of ` +
    `\`${shown(target)}\`` +
    more
      .map((one) => `; with ${said(one.name)} they are ${showMeasure(one.distance)} and ${showMeasure(one.deviation)}`)
      .join('')
  );
}

function labelsBaseline({ labels, rows, set }: Extract<Task, { kind: 'labels' }>): string {
  const right = labels.reduce((sum, { count }) => sum + Math.max(count, rows - count), 0);
  const most = set.names.length === 0 ? 'none of them' : set.names.map((name) => `\`${shown(name)}\``).join(', ');
  return (
    `an accuracy of ${showMeasure(right / (rows * labels.length))}: who says of each of ${labels.length} labels what ` +
    `most samples have, yes or no, is right so often; and a subset accuracy of ${showMeasure(set.count / rows)}: ` +
    `${showCount(set.count)} of ${showCount(rows)} samples have the most frequent set, ${most}`
  );
}

const totalOf = (classes: readonly CountedClass[]) => classes.reduce((sum, { count }) => sum + count, 0);

/** Whether the largest class has three times the samples of the smallest one: accuracy hardly tells of that then. */
const isUnbalanced = (task: Task) => task.kind === 'class' && task.classes[0]!.count >= 3 * task.classes.at(-1)!.count;

function metricsOf(task: Task): string {
  if (task.kind === 'number') return '[meanAbsoluteError, rootMeanSquaredError, r2Score]';
  if (task.kind === 'forecast') return '[meanAbsoluteError, rootMeanSquaredError]';
  if (task.kind === 'labels') return '[accuracy, subsetAccuracy, f1]';
  if (task.kind === 'pixels') return '[accuracy, meanIoU]';
  if (task.kind === 'character' || task.kind === 'answer') return '[accuracy, perplexity]';
  return isUnbalanced(task) ? '[accuracy, { f1: { mean: macro } }, balancedAccuracy]' : '[accuracy, f1]';
}

function metricsNote(task: Task): string {
  if (task.kind === 'class' && isUnbalanced(task)) {
    const [most, least] = [task.classes[0]!, task.classes.at(-1)!];
    return (
      `\`${shown(most.name)}\` has ${showCount(most.count)} samples and \`${shown(least.name)}\` ` +
      `${showCount(least.count)}: in macro F1 and balanced accuracy each class counts the same`
    );
  }
  if (task.kind === 'forecast')
    return `in the unit of \`${shown(task.target)}\`; each is told of the naive forecasts, too, such as _last_value`;
  if (task.kind === 'labels')
    return (
      'accuracy is the share of the labels that are right, subsetAccuracy that of the samples of which all are; f1 ' +
      'is the mean over the labels, and 0 for who never says one'
    );
  return task.kind === 'number' ? `in the unit of \`${shown(task.target)}\`; r2Score is 0 for the mean` : '';
}

const shown = (text: string) => makeVisible(shorten(text));

/** Words that YAML, or a reader of an older one, takes for something else than a text. */
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A value on one line. */
function flow(value: Flow): string {
  if (typeof value === 'string') return word(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${word(key)}: ${flow(one)}`)
    .join(', ')} }`;
}

const isList = (value: object): value is readonly Flow[] => Array.isArray(value);

function word(text: string): string {
  if (/^[A-Za-z_][\w./-]*$/.test(text) && !reserved.test(text)) return text;
  // JSON leaves some characters as they are that YAML does not take, or nobody sees.
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u00a0\u00ad\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

function linesOf(entries: readonly Entry[], indent: string): readonly string[] {
  return entries.flatMap((entry) => {
    const { key, because } = entry;
    const head = `${indent}${word(key)}:`;
    if ('entries' in entry) return [...withComment(head, because, indent), ...linesOf(entry.entries, `${indent}  `)];
    if ('items' in entry) return [...withComment(head, because, indent), ...itemLines(entry.items, `${indent}  `)];
    const { value } = entry;
    const line = `${head} ${flow(value)}`;
    if (line.length <= widest || typeof value !== 'object' || !isList(value)) return withComment(line, because, indent);
    return [...withComment(head, because, indent), ...wrapped(value.map(flow), `${indent}  `)];
  });
}

const itemLines = (items: readonly Item[], indent: string) =>
  items.flatMap(({ item, because }) => withComment(`${indent}- ${word(item)}`, because, indent));

/** A list over several lines. */
function wrapped(values: readonly string[], indent: string): readonly string[] {
  const lines: string[] = [];
  for (const [k, value] of values.entries()) {
    const text = k === values.length - 1 ? value : `${value},`;
    const last = lines.at(-1);
    if (last === undefined || `${indent}  ${last} ${text}`.length > widest) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  }
  return [`${indent}[`, ...lines.map((line) => `${indent}  ${line}`), `${indent}]`];
}

/** A line with what its guess rests on behind it, or above it where that is too long. */
function withComment(line: string, because: string | undefined, indent: string): readonly string[] {
  if (because === undefined || because === '') return [line];
  const full = `${line} # ${makeVisible(because)}`;
  return full.length <= widest ? [full] : [...comment(because, indent), line];
}

function comment(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const one of text === '' ? [] : makeVisible(text).split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || `${indent}# ${last} ${one}`.length > widest) lines.push(one);
    else lines[lines.length - 1] = `${last} ${one}`;
  }
  return lines.map((line) => `${indent}# ${line}`);
}

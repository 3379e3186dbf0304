import { Argument, Command } from 'commander';
import { misuse } from '../base/diagnostics.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import {
  type OptionDoc,
  type RowDoc,
  kinds,
  memberOf,
  membersOf,
  nearestMember,
  unknownMember,
} from '../language/schema/catalogue.ts';
import { oneLine } from '../language/syntax/one-line.ts';
import { jsonOption } from './shared-options.ts';

/** `pipeline list`: what a pipeline file can name, and the documentation of each. */
export function listCommand(): Command {
  return new Command('list')
    .description(
      'List what a pipeline file can name (layers, optimizers, losses, ...), or show the options and an example of one',
    )
    .addArgument(kindArgument())
    .argument('[name]', 'a member, or an alias of one, such as conv')
    .addOption(jsonOption('print JSON'))
    .action((kind: string | undefined, name: string | undefined, { json }: { json?: boolean }) => {
      process.stdout.write(json === true ? `${JSON.stringify(valueOf(kind, name))}\n` : textOf(kind, name));
    });
}

/** Completed, but checked in our own words. */
function kindArgument(): Argument {
  return new Argument('[kind]', 'what to list').choices(kinds).argParser((value: string) => value);
}

function valueOf(kind: string | undefined, name: string | undefined): unknown {
  if (kind === undefined)
    return Object.fromEntries(kinds.map((one) => [one, membersOf(one).map((member) => member.name)]));
  return name === undefined ? membersOf(checkKind(kind)) : findMember(checkKind(kind), name);
}

function textOf(kind: string | undefined, name: string | undefined): string {
  if (kind === undefined) {
    const rows = kinds.map(
      (one) =>
        [
          one,
          membersOf(one)
            .map((member) => member.name)
            .join(', '),
        ] as const,
    );
    return `${table(rows)}\nMore: pipeline list KIND, pipeline list KIND NAME\n`;
  }
  const known = checkKind(kind);
  if (name !== undefined) return describeMember(findMember(known, name));
  return table(
    membersOf(known).map((member) => [[member.name, ...Object.keys(member.aliases)].join(', '), shortDoc(member.doc)]),
  );
}

/** One member as text for people. */
function describeMember({ kind, name, doc, aliases, usage, options, example }: RowDoc): string {
  const others = Object.entries(aliases).map(([alias, preset]) =>
    Object.keys(preset).length === 0
      ? alias
      : `${alias} (${Object.entries(preset)
          .map(([key, value]) => `${key}: ${oneLine(value)}`)
          .join(', ')})`,
  );
  return [
    `${name} (${kind})`,
    ...wrap(doc, '  '),
    ...(others.length === 0 ? [] : ['', 'Other names', ...wrap(others.join(', '), '  ')]),
    ...(usage === undefined ? [] : ['', 'Compact', `  ${usage}`]),
    ...(options.length === 0 ? [] : ['', 'Options', ...options.flatMap(describeOption)]),
    '',
    'Example',
    ...example.split('\n').map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function describeOption({ name, type, description, ...rest }: OptionDoc): readonly string[] {
  const without = rest.optional === true ? 'optional' : 'required';
  const value = 'default' in rest ? `default ${oneLine(rest.default)}` : without;
  return [...wrap(`${name}: ${type}; ${value}`, '  '), ...wrap(description, '      ')];
}

function checkKind(kind: string): string {
  if (kinds.includes(kind)) return kind;
  throw misuse('unknown-kind', `There is no kind \`${kind}\`.`, hintForKind(kind));
}

function hintForKind(kind: string): string {
  const owner = kinds.find((one) => memberOf(one, kind) !== undefined);
  if (owner !== undefined) return `\`${kind}\` is a member of ${owner}: pipeline list ${owner} ${kind}`;
  const guess = nearest(kind.replace(/(?<=.)e?s$/, ''), kinds) ?? nearest(kind, kinds);
  return guess === undefined ? `Known: ${listNames(kinds)}.` : `Did you mean \`${guess}\`?`;
}

function findMember(kind: string, name: string): RowDoc {
  const member = memberOf(kind, name);
  if (member !== undefined) return member;
  const guess = nearestMember(kind, name);
  throw misuse(
    unknownMember(kind),
    `There is no ${kind} \`${name}\`.`,
    guess === undefined ? `pipeline list ${kind} shows all.` : `Did you mean \`${guess}\`?`,
  );
}

/** Widest line of text for people. */
const width = 100;

/** Two columns, the second broken into lines. */
function table(rows: readonly (readonly [string, string])[]): string {
  const lead = Math.min(Math.max(...rows.map(([left]) => left.length)), 24) + 2;
  return (
    rows
      .map(([left, right]) => {
        const lines = wrap(right, ' '.repeat(lead));
        return left.length >= lead
          ? [left, ...lines].join('\n')
          : [`${left.padEnd(lead)}${lines[0]!.trimStart()}`, ...lines.slice(1)].join('\n');
      })
      .join('\n') + '\n'
  );
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** The first sentence of a description, or what of it stands before a semicolon. */
export function shortDoc(text: string): string {
  return /^.*?(?<! al)[.;](?=\s|$)/s.exec(text)?.[0].replace(/;$/, '.') ?? text;
}

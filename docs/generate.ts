// Writes docs/reference/ and docs/errors.md from the tables that the program itself reads: `npm run docs`.
// test/docs.test.ts says when they are stale.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { commands } from '../src/commands/commands.ts';
import { errorsPage } from './errors-page.ts';
import { describeSchema } from '../src/language/check/describe-schema.ts';
import { type OptionDoc, type RowDoc, kinds, membersOf } from '../src/language/schema/catalogue.ts';
import { pipelineSchema } from '../src/language/schema/pipeline-schema.ts';
import { CHOICE } from '../src/base/row.ts';
import { type SchemaView, view } from '../src/language/schema/schema-view.ts';
import { oneLine } from '../src/language/syntax/one-line.ts';

/** The title of each kind's page, and what it is about. */
const titles: Readonly<Record<string, readonly [title: string, about: string]>> = {
  dataset: ['Data sets', 'What `data.source` can be.'],
  layer: ['Layers', 'What `model.layers` is made of, in compact text or as a map.'],
  cell: ['Cells', 'What the layer `rnn` stacks.'],
  initializer: ['Initializers', 'First values of weights.'],
  regularizer: ['Regularizers', 'Penalties on weights, added to the loss.'],
  constraint: ['Constraints', 'What weights are brought back into after each update.'],
  optimizer: ['Optimizers', 'What `train.optimizer` can be.'],
  loss: ['Losses', 'What `train.loss` can be, or the loss of one of several outputs.'],
  schedule: ['Schedules', 'What `train.schedule` can be.'],
  augmentation: [
    'Augmentations',
    'What `train.augment` can hold: changes of training pictures or recordings at random.',
  ],
  metric: ['Metrics', 'What `train.metrics` and `evaluate.metrics` can hold.'],
  figure: ['Figures', 'What `visualize.figures` can hold.'],
};

/** Every page that is made, by its way from docs/. */
export async function madePages(): Promise<Readonly<Record<string, string>>> {
  const ofKinds = kinds.map((kind) => [`reference/${fileOf(kind)}`, pageOf(kind)] as const);
  return {
    'errors.md': errorsPage(),
    'reference/README.md': contents(),
    'reference/commands.md': await commandPage(),
    'reference/pipeline-file.md': filePage(),
    ...Object.fromEntries(ofKinds),
  };
}

const made = '<!-- Made by `npm run docs` from the tables of the program. -->';

function page(title: string, ...parts: readonly string[]): string {
  return `${[made, `# ${title}`, ...parts].join('\n\n')}\n`;
}

function fileOf(kind: string): string {
  return `${titles[kind]![0].toLowerCase().replaceAll(' ', '-')}.md`;
}

function contents(): string {
  const rows = kinds.map((kind) => {
    const names = membersOf(kind).map(({ name }) => `[${name}](${fileOf(kind)}#${name.toLowerCase()})`);
    return `- **[${titles[kind]![0]}](${fileOf(kind)})**: ${names.join(', ')}`;
  });
  const first = [
    '- **[Commands](commands.md)**, with their options',
    '- **[The pipeline file](pipeline-file.md)**: its sections and keys',
  ];
  return page(
    'Reference',
    'The same is in the program: `npx pipeline list layer lstm`, `npx pipeline run --help`.',
    [...first, ...rows].join('\n'),
  );
}

function pageOf(kind: string): string {
  const [title, about] = titles[kind]!;
  return page(title, about, ...membersOf(kind).map(memberText));
}

function memberText({ name, doc, aliases, usage, options, example }: RowDoc): string {
  const others = Object.entries(aliases).map(([alias, preset]) =>
    Object.keys(preset).length === 0 ? `\`${alias}\`` : `\`${alias}\` (${code(oneLine(preset))})`,
  );
  return [
    `## ${name}`,
    doc,
    ...(others.length === 0 ? [] : [`Other names: ${others.join(', ')}.`]),
    ...(usage === undefined ? [] : [`Compact: ${code(usage)}`]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ['```yaml', example, '```'].join('\n'),
  ].join('\n\n');
}

function optionTable(options: readonly OptionDoc[]): string {
  return table(
    ['option', 'value', 'default', 'meaning'],
    options.map(({ name, type, description, ...rest }) => {
      const without = rest.optional === true ? 'none' : '**to be given**';
      return [code(name), type, 'default' in rest ? code(oneLine(rest.default)) : without, description];
    }),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The sections of a pipeline file, each with its keys; what is chosen from a table has a page of its own. */
function filePage(): string {
  const { properties = {} } = view(pipelineSchema);
  const entries = Object.entries(properties);
  const alone = entries.filter(([, schema]) => !isSection(schema));
  return page(
    'The pipeline file',
    'A YAML file. `npx pipeline init` writes one to start from; ' +
      '`npx pipeline plan FILE --resolved` prints it with every default.',
    '## Beside the sections',
    keyTable(Object.fromEntries(alone), view(pipelineSchema).required),
    ...entries.filter(([, schema]) => isSection(schema)).flatMap(([name, schema]) => sectionText(name, schema)),
  );
}

/** What has keys of its own, and is no choice from a table: that has a page. */
function isSection(schema: SchemaView): boolean {
  return schema.properties !== undefined && schema[CHOICE] === undefined;
}

function valueOf(schema: SchemaView): string {
  const kind = schema[CHOICE]?.replaceAll(' ', '');
  if (kind !== undefined) return `${describeSchema(schema)}: [${titles[kind]![0].toLowerCase()}](${fileOf(kind)})`;
  return isSection(schema) ? 'a section, below' : describeSchema(schema);
}

function sectionText(path: string, schema: SchemaView): readonly string[] {
  const { properties = {}, required, description = '' } = schema;
  const within = Object.entries(properties).filter(([, inner]) => isSection(inner));
  return [
    `## ${path}`,
    description,
    keyTable(properties, required),
    ...within.flatMap(([name, inner]) => sectionText(`${path}.${name}`, inner)),
  ];
}

function keyTable(properties: Readonly<Record<string, SchemaView>>, required: readonly string[] = []): string {
  return table(
    ['key', 'value', 'default', 'meaning', 'example'],
    Object.entries(properties).map(([name, schema]) => {
      const without = required.includes(name) ? '**to be given**' : 'none';
      return [
        code(name),
        valueOf(schema),
        schema.default === undefined ? without : code(oneLine(schema.default)),
        schema.description ?? '',
        schema.examples === undefined ? '' : schema.examples.map((example) => code(oneLine(example))).join(', '),
      ];
    }),
  );
}

async function commandPage(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return page(
    'Commands',
    'Exit codes: 0 fine; 1 the run, or what the command was to do, failed; ' +
      '2 the file or the usage is wrong; 130 interrupted.',
    ...all.flatMap((command) => commandText(command, `pipeline ${command.name()}`)),
  );
}

function commandText(command: Command, name: string): readonly string[] {
  const options = command.options.filter(({ hidden }) => !hidden);
  const args = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `## ${name}`,
    `\`\`\`text\n${name} ${command.usage()}\n\`\`\``,
    `${command.description().replace(/\.$/, '')}.`,
    ...(args.length === 0
      ? []
      : [
          table(
            ['argument', 'meaning'],
            args.map((arg) => [code(arg.name()), [arg.description, ...(arg.argChoices ?? []).map(code)].join(' ')]),
          ),
        ]),
    ...(options.length === 0 ? [] : [table(['option', 'meaning'], options.map(optionRow))]),
    ...command.commands.flatMap((inner) => commandText(inner, `${name} ${inner.name()}`)),
  ];
}

function optionRow({ flags, description, defaultValue, negate }: Option): readonly string[] {
  const isShown = typeof defaultValue === 'string' && !negate;
  return [code(flags), isShown ? `${description}; without it ${code(defaultValue)}` : description];
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, 'reference');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(await madePages())) writeFileSync(join(import.meta.dirname, name), text);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Argument, Command } from 'commander';
import { failure, misuse } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import { type StarterName, starterText, starters } from './starters.ts';
import { shellWord } from '../base/shell-word.ts';

const names = Object.keys(starters) as StarterName[];

/** `pipeline init`: a file to begin with. */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'Write a commented pipeline file that runs at once. ' +
        names.map((name) => `${name}: ${starters[name].about}.`).join(' '),
    )
    .addArgument(
      new Argument('[kind]', 'what the pipeline does')
        .choices(names)
        .argParser((value: string) => value)
        .default('classifier'),
    )
    .argument('[file]', 'the file to write; never one that exists', 'pipeline.yaml')
    .action((kind: string, file: string) => {
      // `pipeline init digits.yaml`: the kind is left out.
      const [starter, target] = extname(kind) === '' ? [kind, file] : ['classifier', kind];
      write(checkKind(starter), target);
      process.stdout.write(`wrote ${target}\nnext: npx pipeline run ${shellWord(target)} --smoke\n`);
    });
}

function checkKind(kind: string): StarterName {
  if (Object.hasOwn(starters, kind)) return kind as StarterName;
  const guess = nearest(kind, names);
  throw misuse(
    'unknown-starter',
    `There is no starter \`${kind}\`.`,
    guess === undefined ? `Known: ${names.join(', ')}.` : `Did you mean \`${guess}\`?`,
  );
}

function write(starter: StarterName, file: string): void {
  if (!['.yaml', '.yml'].includes(extname(file)))
    throw misuse(
      'not-a-pipeline-file',
      `\`${file}\` is not the name of a YAML file.`,
      `Write ${file.slice(0, file.length - extname(file).length)}.yaml.`,
    );
  const name = basename(file, extname(file)).replaceAll(/[^\w .-]/g, '-') || 'pipeline';
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      starterText(
        starter,
        /^(?!(?:true|false|null)$)[A-Za-z]/i.test(name) ? name : `pipeline-${name}`,
        schemaFrom(dirname(file)),
        (own) => pathFrom(dirname(file), own),
      ),
      { flag: 'wx' },
    );
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open')
      throw failure(
        'file-exists',
        `${file} exists already; nothing was written.`,
        'Give another name: pipeline init KIND FILE.',
      );
    throw failure('unwritable-file', `${file} cannot be written: ${code ?? message}.`);
  }
}

/**
 * Where an editor finds the schema; its name ends at the first space for the YAML language server, unless it is a URL.
 */
function schemaFrom(folder: string): string {
  const path = pathFrom(folder, 'schemas/pipeline.schema.json');
  return /\s/.test(path) ? pathToFileURL(resolve(folder, path)).href : path;
}

/** Where a file of the program's is, from a folder. */
function pathFrom(folder: string, file: string): string {
  const root = dirname(createRequire(import.meta.url).resolve('layerline/package.json'));
  const path = relative(resolve(folder), join(root, file));
  return path.startsWith('.') ? path : `./${path}`;
}

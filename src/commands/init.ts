import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Argument, Command, Option } from 'commander';
import { type Diagnostic, type Range, UserError, failure, misuse } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { readyAtOnce } from '../datasets/all-readers.ts';
import { propose, takesTarget } from '../datasets/propose/propose.ts';
import { checkSource } from '../plan/check-pipeline.ts';
import { type StarterName, starterText, starters } from './starters.ts';
import { farApart } from './proposed-net.ts';
import { baselineOf, writeProposal } from './write-proposal.ts';

const names = Object.keys(starters) as StarterName[];

/** What `--data` and `--target` say. */
interface OwnData {
  readonly data?: string;
  readonly target?: readonly string[];
}

/** `pipeline init`: a file to begin with. */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'Write a commented pipeline file that runs at once, for your own data with --data. ' +
        names.map((name) => `${name}: ${starters[name].about}.`).join(' ') +
        ' sweep: many runs of the pipeline file beside it.',
    )
    .addArgument(
      new Argument('[kind]', 'what the pipeline does; none with --data')
        .choices([...names, 'sweep'])
        .argParser((value: string) => value)
        .default('classifier'),
    )
    .argument('[file]', 'the file to write; never one that exists', 'pipeline.yaml')
    .addOption(
      new Option(
        '--data <path>',
        'look at your own data, and write a file for it: a table (CSV, lines of JSON, Parquet), a folder of pictures ' +
          'or recordings (WAV) with a sub-folder for each class, pictures and masks, idx files, ' +
          'arrays of NumPy, a text',
      ),
    )
    .addOption(
      new Option(
        '--target <column>',
        'the column of the table (or the array) to predict, several times for labels that have columns of 0 and 1; ' +
          'without it, the likeliest one',
      ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]),
    )
    .action((kind: string, file: string, own: OwnData, command: Command) => {
      if (own.data !== undefined) return initFromData(own.data, own.target ?? [], command.args);
      if (own.target !== undefined)
        throw misuse(
          'target-without-table',
          '--target names a column, and there is no table.',
          'Name it: --data FILE.',
        );
      // `pipeline init digits.yaml`: the kind is left out.
      const [starter, path] = extname(kind) === '' ? [kind, file] : ['classifier', kind];
      if (starter === 'sweep') return initSweep(command.args[1] ?? 'sweep.yaml');
      const known = checkKind(starter);
      checkName(path);
      const folder = dirname(path);
      write(
        path,
        starterText(known, nameFor(path), schemaFrom(folder), (one) => pathFrom(folder, one)),
      );
      process.stdout.write(`wrote ${path}\nnext: npx pipeline run ${shellWord(path)} --smoke\n`);
    });
}

/** Writes a sweep of the pipeline file that lies beside it. */
async function initSweep(file: string): Promise<void> {
  checkName(file);
  if (existsSync(file)) throw exists(file);
  const { sweepText } = await import('./sweep-starter.ts');
  write(file, await sweepText(file, schemaFrom(dirname(file), 'sweep')));
  process.stdout.write(`wrote ${makeVisible(file)}\nnext: npx pipeline sweep ${shellWord(file)}\n`);
}

/** Looks at data, and writes what can be learnt from it. */
function initFromData(data: string, targets: readonly string[], words: readonly string[]): void {
  const [file = 'pipeline.yaml', second] = words;
  if (second !== undefined || [...names, 'sweep'].includes(file))
    throw misuse('kind-and-data', `\`${file}\` is a kind of starter, and --data names data.`, 'Leave the kind out.');
  checkName(file);
  if (existsSync(file)) throw exists(file);
  const folder = resolve(dirname(file));
  const proposal = propose({ data, targets, written: (path) => relative(folder, resolve(path)) || '.' });
  const text = writeProposal(proposal, nameFor(file), schemaFrom(folder));
  readyAtOnce();
  const { diagnostics } = checkSource({ name: file, text });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new UserError(
      errors.map((error) => ofProposal(error, takesTarget(proposal))),
      1,
    );
  write(file, text);
  process.stderr.write(printDiagnostics(diagnostics, { color: showsColors(process.stderr), cwd: process.cwd() }));
  const apart = farApart(proposal.given);
  process.stdout.write(
    `looked at ${makeVisible(proposal.read)}\n${apart === undefined ? '' : `note: ${apart}\n`}` +
      `wrote ${makeVisible(file)}\nto beat: ${baselineOf(proposal.task)}\n` +
      `next: npx pipeline run ${shellWord(file)}\n`,
  );
}

/** A mistake of a file that stays unwritten: its lines are shown as a proposal's, and the data has to be mended. */
function ofProposal({ range, hint, ...mistake }: Diagnostic, hasTargets: boolean): Diagnostic {
  const way = `Nothing was written: mend the data${hasTargets ? ', or name another target with --target' : ''}.`;
  return {
    ...mistake,
    ...(range && { range: inProposal(range) }),
    hint: hint === undefined ? way : `${hint} ${way}`,
  };
}

const inProposal = ({ source, ...range }: Range): Range => ({
  ...range,
  source: { ...source, name: `${source.name} (proposed)` },
});

function checkKind(kind: string): StarterName {
  if (Object.hasOwn(starters, kind)) return kind as StarterName;
  const guess = nearest(kind, [...names, 'sweep']);
  throw misuse(
    'unknown-starter',
    `There is no starter \`${kind}\`.`,
    guess === undefined ? `Known: ${names.join(', ')}, sweep.` : `Did you mean \`${guess}\`?`,
  );
}

function checkName(file: string): void {
  if (!['.yaml', '.yml'].includes(extname(file)))
    throw misuse(
      'not-a-pipeline-file',
      `\`${file}\` is not the name of a YAML file.`,
      `Write ${file.slice(0, file.length - extname(file).length)}.yaml.`,
    );
}

const exists = (file: string) =>
  failure('file-exists', `${file} exists already; nothing was written.`, 'Give another name: pipeline init KIND FILE.');

/** The name of the pipeline that a file holds. */
function nameFor(file: string): string {
  const name = basename(file, extname(file)).replaceAll(/[^\w .-]/g, '-') || 'pipeline';
  return /^(?!(?:true|false|null)$)[A-Za-z]/i.test(name) ? name : `pipeline-${name}`;
}

/** Writes a file that is not there yet. */
function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open') throw exists(file);
    throw failure('unwritable-file', `${file} cannot be written: ${code ?? message}.`);
  }
}

/**
 * Where an editor finds the schema; its name ends at the first space for the YAML language server, unless it is a URL.
 */
function schemaFrom(folder: string, kind: 'pipeline' | 'sweep' = 'pipeline'): string {
  const path = pathFrom(folder, `schemas/${kind}.schema.json`);
  return /\s/.test(path) ? pathToFileURL(resolve(folder, path)).href : path;
}

/** Where a file of the program's is, from a folder. */
function pathFrom(folder: string, file: string): string {
  const root = dirname(createRequire(import.meta.url).resolve('layerline/package.json'));
  const path = relative(resolve(folder), join(root, file));
  return path.startsWith('.') ? path : `./${path}`;
}

import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { byteSize, duration, showBytes } from '../base/quantities.ts';
import { shellWord } from '../base/shell-word.ts';
import { shorten } from '../base/shorten.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { type Cleaned, type KeptKind, clean, keptKinds } from '../cache/clean-cache.ts';
import { packedFolder } from '../cache/packed-file.ts';
import { cacheFolder } from '../cache/stage-cache.ts';
import { fetchedFolder } from '../datasets/files/data-file.ts';
import { hashesFolder } from '../datasets/files/known-hashes.ts';
import { type AbandonedRun, abandonedRuns, giveUp } from '../run/abandoned-runs.ts';
import { quantityOf } from './option-values.ts';
import { jsonOption, runsOption } from './shared-options.ts';

interface CleanOptions {
  /** Bytes. */
  readonly maxSize?: number;
  /** Seconds. */
  readonly maxAge?: number;
  readonly interrupted?: boolean;
  readonly dryRun?: boolean;
  readonly runs: string;
  readonly json?: boolean;
}

/**
 * `pipeline clean`: removes what is kept in `.layerline/`, never a run; tells of checkpoints that no file leads to any
 * more.
 */
export function cleanCommand(): Command {
  return new Command('clean')
    .description(
      'Remove what is kept in .layerline/: all outcomes of stages, packed samples and hashes; ' +
        'or, of them and of fetched data, what is over the limits, least recently used first. Runs stay',
    )
    .option('--max-size <size>', 'let so much stay, such as 500MB or 2GB', quantityOf(byteSize))
    .option('--max-age <time>', 'let stay what was used in so much time, such as 12h or 30d', quantityOf(duration))
    .option(
      '--interrupted',
      'remove also the checkpoints of interrupted runs whose pipeline file is gone, which then never go on',
    )
    .option('--dry-run', 'only say what would be removed')
    .addOption(jsonOption())
    .addOption(runsOption('the local store, beside which outcomes are kept'))
    .action(({ maxSize, maxAge, runs, json, dryRun = false, interrupted = false }: CleanOptions) => {
      const cleaned = clean({
        cache: cacheFolder(runs),
        data: fetchedFolder(),
        packed: packedFolder(),
        hashes: hashesFolder(),
        dryRun,
        ...(maxSize === undefined ? {} : { bytes: maxSize }),
        ...(maxAge === undefined ? {} : { age: maxAge * 1000 }),
      });
      const removed = dryRun ? 'would remove' : 'removed';
      const abandoned = abandonedRuns(runs).map((run) => ({ run, goes: interrupted && (dryRun || giveUp(run, warn)) }));
      if (json === true) {
        const told = abandoned.map(({ run: { runId, file, bytes: size }, goes }) => ({
          runId,
          file,
          bytes: size,
          removed: goes,
        }));
        process.stdout.write(`${JSON.stringify({ ...cleaned, interrupted: told })}\n`);
        return;
      }
      process.stdout.write(`${removed} ${describe(cleaned.removed)}; ${describe(cleaned.left)} left\n`);
      for (const { run, goes } of abandoned) {
        const stay =
          `${checkpoints(run)} stay: it goes on if you run the file from where it is now; ` +
          `\`${giveUpCommand(runs)}\` gives it up for good`;
        process.stdout.write(`${makeVisible(goes ? `${removed} ${checkpoints(run)}` : stay)}\n`);
      }
    });
}

const checkpoints = ({ runId, file, bytes: size }: AbandonedRun) =>
  `${showBytes(size)} of checkpoints of the interrupted run ${runId}, whose file ${shorten(file, 300)} is gone`;

const giveUpCommand = (runs: string) =>
  `pipeline clean --interrupted${runs === 'runs' ? '' : ` --runs ${shellWord(runs)}`}`;

function warn(warning: Diagnostic): void {
  process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
}

const names: Readonly<Record<KeptKind, readonly [one: string, more: string]>> = {
  outcomes: ['kept outcome', 'kept outcomes'],
  packed: ['file of packed samples', 'files of packed samples'],
  fetched: ['fetched file', 'fetched files'],
  hashes: ['list of hashes', 'lists of hashes'],
  leftovers: ['half-written file', 'half-written files'],
};

/** `2 kept outcomes (3.1 MB), 1 fetched file (0.2 MB)`. */
function describe(amounts: Cleaned['left']): string {
  const told = keptKinds.filter((kind) => kind === 'outcomes' || amounts[kind].files > 0);
  return told
    .map(
      (kind) =>
        `${amounts[kind].files} ${names[kind][amounts[kind].files === 1 ? 0 : 1]} (${showBytes(amounts[kind].bytes)})`,
    )
    .join(', ');
}

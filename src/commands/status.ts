import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { makeVisible } from '../base/visible-text.ts';
import { cacheFolder } from '../cache/stage-cache.ts';
import { type CheckedPipeline, checkFile } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { dependencyOf } from '../cache/fingerprints.ts';
import type { Stage } from '../stages/stage.ts';
import { stages as allStages } from '../stages/stages.ts';
import { chooseShared } from '../run/choose-shared.ts';
import { onceSetting, repetitionSpace, settingsOfEach } from '../run/repetition-points.ts';
import { trackingChoice } from '../run/tracking-choice.ts';
import { type ReasonedChange, type StageStatus, stageStatus } from '../run/freshness.ts';
import { jsonOption, pipelineArgument, runsOption, setOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';

interface StatusOptions {
  readonly runs: string;
  readonly json?: boolean;
  readonly set: readonly string[];
}

/** `pipeline status`: what a run would skip, and why not the rest. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Show which stages a run would skip, and why it would run the others')
    .addArgument(pipelineArgument())
    .addOption(setOption())
    .addOption(jsonOption())
    .addOption(runsOption())
    .action(async (named: string | undefined, { runs, json, set }: StatusOptions) => {
      const file = named ?? defaultFile();
      const emit = tellProgress();
      const checked = await checkFile(file, set, { emit });
      const space = repetitionSpace(checked.pipeline);
      const warn = (diagnostic: Diagnostic) => emit({ type: 'diagnostic', diagnostic });
      const statusOf = async (one: CheckedPipeline) => {
        const shared = await chooseShared(one, { env: process.env, tracking: trackingChoice(one, process.env), warn });
        return stageStatus(one, cacheFolder(runs), allStages, shared);
      };
      if (space === undefined) {
        const stages = await statusOf(checked);
        process.stdout.write(json === true ? `${JSON.stringify({ file, stages })}\n` : describeStatus(stages));
        return;
      }
      for (const settings of settingsOfEach(space)) {
        const stages = await statusOf(await checkFile(file, [...set, ...settings], { emit: tellProgress() }));
        const told = settings.filter((setting) => setting !== onceSetting);
        process.stdout.write(
          json === true
            ? `${JSON.stringify({ file, settings: told, stages })}\n`
            : `${told.join(' ')}\n${describeStatus(stages)}`,
        );
      }
    });
}

/** What a run would skip, and why not the rest, for people. @param table all stages */
export function describeStatus(found: readonly StageStatus[], table: readonly Stage[] = allStages): string {
  return found.map((one) => describe(one, table)).join('');
}

function describe(status: StageStatus, table: readonly Stage[]): string {
  const { stage, fresh, run, changes, problem, keptIn, epochsKept } = status;
  const title = stage.padEnd(11);
  if (fresh) return `${title}fresh  as in run ${run!.runId} of ${run!.createdAt.slice(0, 16).replace('T', ' ')} UTC\n`;
  if (keptIn !== undefined) return `${title}kept   in ${makeVisible(keptIn)}: a run fetches it\n`;
  const lines = problem === undefined ? changes.map((change) => describeChange(change, table)) : [problem];
  const reasons = [
    ...(run === undefined && problem === undefined ? ['nothing is kept of it'] : lines.slice(0, shown)),
    ...(lines.length > shown ? [`and ${lines.length - shown} more differences`] : []),
    ...(epochsKept === undefined ? [] : [`goes on after epoch ${epochsKept} of run ${run!.runId}`]),
  ];
  return `${title}runs   ${reasons.map(makeVisible).join(`\n${' '.repeat(18)}`)}\n`;
}

/** Differences that are told of one stage; a model may have changed in hundreds. */
const shown = 8;

function describeChange({ name, before, now, reason }: ReasonedChange, table: readonly Stage[]): string {
  if (reason === undefined) return `${name.replace('stage ', '')} changed`;
  // Options speak for themselves.
  const why = dependencyOf(table, name)?.section === undefined ? ` (${reason})` : '';
  if (before === undefined) return `${name} is new: ${valueText(now!)}${why}`;
  if (now === undefined) return `${name} is gone: it was ${valueText(before)}${why}`;
  return `${name}: ${valueText(before)} -> ${valueText(now)}${why}`;
}

/** What kept outcomes say may come from elsewhere: not all of it need be JSON. */
function textOf(json: string): string {
  try {
    return json.startsWith('"') ? (JSON.parse(json) as string) : json;
  } catch {
    return json;
  }
}

/** A value as it is written; of a hash, as much as tells it apart. */
function valueText(json: string): string {
  const text = textOf(json);
  if (/^[0-9a-f]{64}$/.test(text)) return text.slice(0, 8);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

import { type ContenderName, commandOf, contenderNames, titles } from './contenders.ts';
import { prepare } from './data.ts';
import { type Measured, bestThroughput, eventsOf, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, median, print, printTable, range, verdict, whole } from './table.ts';
import { type Work, works } from './works.ts';

type Results = Readonly<Record<ContenderName, readonly Measured[]>>;

/** Training throughput of each work, ours and the peers in turn: A B C A B C. */
export async function benchThroughput(settings: Settings): Promise<void> {
  for (const key of settings.works) {
    const work = works[key]!;
    const prepared = prepare(settings.scratch, work, {
      images: settings.quick ? work.quickImages : work.images,
      epochs: settings.quick ? 2 : 4,
      heldBack: 500,
    });
    const { amount, batchSize } = prepared;
    print(`## ${key}: ${work.about}, batch ${batchSize}\n`);
    print(
      `${whole(amount.images)} images per epoch; best of epochs 2 to ${amount.epochs} of each of ${settings.rounds} rounds\n`,
    );
    const results = Object.fromEntries(contenderNames.map((name): [ContenderName, Measured[]] => [name, []])) as Record<
      ContenderName,
      Measured[]
    >;
    for (let round = 0; round < settings.rounds; round++) {
      for (const name of contenderNames) {
        if (name === 'bound' && work.aims.bound === undefined) continue;
        results[name].push(
          await measure(
            settings.scratch,
            commandOf(name, { key, prepared, python: settings.python, scratch: settings.scratch }),
          ),
        );
      }
    }
    printResults(work, results);
  }
}

function printResults(work: Work, results: Results): void {
  const ours = results.layerline.map(bestThroughput);
  const rows = contenderNames
    .filter((name) => results[name].length > 0)
    .map((name) => {
      const speeds = results[name].map(bestThroughput);
      const peak = name === 'bound' ? '' : whole(Math.max(...results[name].map(({ peakMegabytes }) => peakMegabytes)));
      return [
        titles[name],
        whole(median(speeds)),
        range(speeds, whole),
        ...(name === 'layerline' ? ['', ''] : ratio(ours, speeds, work.aims[name])),
        peak,
      ];
    });
  printTable(['images/s', 'median', 'range', 'ours / this', 'aim', 'peak MB'], rows);
  const steps = new Set(
    results.layerline.flatMap((measured) => eventsOf(measured, 'step-chosen')).map((event) => event['step'] as string),
  );
  print(`step: ${[...steps].join(', ')}`);
  printConvolutions(results.bound);
  print();
}

/** Each round has a ratio of its own, so that what slows the whole machine for a while falls out. */
function ratio(ours: readonly number[], theirs: readonly number[], aim: number | undefined): [string, string] {
  const ratios = ours.map((speed, round) => speed / theirs[round]!);
  return [
    `${fixed(median(ratios))} (${range(ratios, fixed)})`,
    aim === undefined ? '' : verdict(median(ratios), '>=', aim),
  ];
}

function printConvolutions(bound: readonly Measured[]): void {
  const rounds = bound
    .flatMap((measured) => eventsOf(measured, 'epoch-finished').slice(1))
    .map((event) => event['milliseconds'] as Record<string, number>);
  if (rounds.length === 0) return;
  const names = Object.keys(rounds[0]!);
  print(
    `convolutions, ms per batch: ${names.map((name) => `${name} ${fixed(median(rounds.map((round) => round[name]!)))}`).join(', ')}`,
  );
}

import { peerCommand, titles } from './contenders.ts';
import { prepare } from './data.ts';
import { estimate, median } from './estimate.ts';
import { type Measured, bestThroughput, eventsOf, inTurn, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';
import { type Peer, type PeerName, works } from './works.ts';

/** Training throughput of each work, ours beside each peer's, in pairs of processes. */
export async function benchThroughput({ works: keys, quick, pairs, scratch }: Settings): Promise<void> {
  for (const key of keys) {
    const work = works[key]!;
    const epochs = quick ? 2 : 4;
    const [rows, allOurs]: [string[][], Measured[]] = [[], []];
    let convolutions: readonly Measured[] = [];
    for (const [name, peer] of Object.entries(work.peers) as [PeerName, Peer][]) {
      const images = quick ? work.quickImages : (peer.images ?? work.images);
      const prepared = prepare(scratch, work, { images, epochs, heldBack: 500 });
      const { ours, theirs } = await inTurn(scratch, pairs, {
        ours: pipelineRun(prepared.pipelineFile, scratch),
        theirs: peerCommand(name, key, prepared),
      });
      const [ourSpeeds, theirSpeeds] = [
        ours.map((run) => bestThroughput(run)),
        theirs.map((run) => bestThroughput(run)),
      ];
      const ratio = estimate(ourSpeeds.map((speed, pair) => speed / theirSpeeds[pair]!));
      rows.push([
        titles[name],
        whole(images),
        whole(median(ourSpeeds)),
        whole(median(theirSpeeds)),
        withInterval(ratio),
        peer.aim === undefined ? '' : aimCell(ratio, '>=', peer.aim),
        name === 'bound' ? '' : peakMegabytes(theirs),
      ]);
      allOurs.push(...ours);
      if (name === 'bound') convolutions = theirs;
    }
    print(`## ${key}: ${work.about}\n`);
    print(`Samples/s in the best of epochs 2 to ${epochs}; ${pairs} pairs each\n`);
    printTable(['', 'samples of an epoch', 'ours', 'theirs', 'ours / theirs', 'aim', 'their peak MB'], rows);
    const steps = new Set(
      allOurs.flatMap((measured) => eventsOf(measured, 'step-chosen')).map((event) => event['step'] as string),
    );
    print(`ours: step ${[...steps].join(', ')}, peak ${peakMegabytes(allOurs)} MB`);
    printConvolutions(convolutions);
    print();
  }
}

const peakMegabytes = (runs: readonly Measured[]) => whole(Math.max(...runs.map((run) => run.peakMegabytes)));

function printConvolutions(bound: readonly Measured[]): void {
  const rounds = bound
    .flatMap((measured) => eventsOf(measured, 'epoch-finished').slice(1))
    .map((event) => event['milliseconds'] as Record<string, number>);
  if (rounds.length === 0) return;
  const names = Object.keys(rounds[0]!);
  print(
    'convolutions, ms per batch: ' +
      names.map((name) => `${name} ${fixed(median(rounds.map((round) => round[name]!)))}`).join(', '),
  );
}

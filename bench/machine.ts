import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { tensorflowVersion } from '../src/engine/install/wheels.ts';
import { peerVersions } from './peers-environment.ts';
import { cpuSecondsOfChildren } from './processes.ts';
import { fixed, print } from './table.ts';

/** A load average, in cores, above which figures are not to be trusted. */
const quietLoad = 0.5;

/** Prints what the figures hold for. @param peers whether they are measured too */
export function printMachine(peers: boolean): void {
  const cores = os.cpus();
  const version = (manifest: string) => (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  const tfjsNode = version(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  print(
    `machine   ${cores[0]!.model}, ${cores.length} cores, ${Math.round(os.totalmem() / 1e9)} GB, ` +
      `${os.type()} ${os.release()} ${os.arch()}`,
  );
  print(
    `ours      layerline ${version('package.json')}, Node ${process.versions.node}, tfjs-node ${tfjsNode}, ` +
      `TensorFlow ${tensorflowVersion}`,
  );
  if (!peers) return;
  const versions = Object.entries(peerVersions()).map(([name, number]) => `${name} ${number}`);
  print(`peers     ${versions.join(', ')}`);
}

/** Prints the load before, and gives what prints how much others used the machine meanwhile. */
export function watchLoad(): () => void {
  const load = () => os.loadavg()[0]!;
  print(`load      ${fixed(load())} before`);
  if (load() > quietLoad)
    print(`WARNING   the machine is not quiet (load above ${quietLoad}): the figures below are not for the record`);
  print();
  const [start, busyBefore] = [performance.now(), busySeconds()];
  return () => {
    const own = cpuSecondsOfChildren() + process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
    const others = Math.max(0, busySeconds() - busyBefore - own) / ((performance.now() - start) / 1000);
    print(
      `load      ${fixed(load())} after, the bench's own included; others kept ${fixed(others)} cores busy meanwhile`,
    );
    if (others > quietLoad)
      print(`WARNING   others used more than ${quietLoad} cores: the figures above are not for the record`);
  };
}

/** Seconds that all cores were busy since the machine started. */
function busySeconds(): number {
  return os.cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;
}
